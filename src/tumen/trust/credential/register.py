"""An issuing body's own folder: its key, what it issued, what it revoked, its status list.

A plain folder, not a node's store: an issuing body (a chamber, a customs office) need run no node,
and what it certifies is its clients' business. The register holds numbers and hashes, no parties:

- ``issuer.json``: address, name and economy, as the trust bundle lists them
- ``issuer.key``: the secret key, for its owner alone
- ``register.ndjson``: one line for each credential issued or revoked, only ever appended
- ``status/1.vc``: the newest status list, derived from the register

One process writes at a time (a lock); a line is synced before a credential is handed out, so that
no number and no place in the list is given twice.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tumen.kernel.errors import OutsideError, PathAbsent, UsageError, VerificationError
from tumen.kernel.limits import DOCUMENT_BYTES_MAX, STATUS_ENTRIES_MIN
from tumen.trust.credential import status
from tumen.trust.credential.encoding import from_json, to_json
from tumen.trust.credential.envelope import (
    ENTRY_TYPE,
    REVOCATION,
    Credential,
    Issuer,
    StatusEntry,
    claims_of,
    credential_id,
    end_of_life,
    need_address,
    time_of,
    time_text,
)
from tumen.trust.credential.origin import Certificate, CertificateInvalid, Finding, fields_of
from tumen.trust.credential.origin_rules import exporting_economy, findings
from tumen.trust.credential.secure import Signer

REGION_AHEAD_OF_UTC: Final = timedelta(hours=9)
"""The day of issue may be today's in Japan and Korea, where it begins first."""

ISSUER: Final = "issuer.json"
KEY: Final = "issuer.key"
STATUS: Final = "status/1.vc"
_REGISTER: Final = "register.ndjson"
_LOCK: Final = ".lock"
_TRIES_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class Body:
    """Who issues: as the trust bundle lists it."""

    issuer: Issuer
    economy: str


@dataclass(frozen=True, slots=True)
class Issued:
    """What came of issuing: the credential and the status list in which it stands."""

    token: bytes
    credential: Credential
    status: bytes


def set_up(folder: Path, address: str, name: str, economy: str) -> Body:
    """Make an issuing body's folder.

    Raises:
        UsageError: there is one, or the address is none.
        OutsideError: it cannot be written.
    """
    try:
        need_address(address)
    except VerificationError as error:
        raise UsageError(str(error)) from error
    if (folder / ISSUER).exists():
        raise UsageError(f"{folder} is the folder of an issuing body already")
    told = {"id": address, "name": name, "economy": economy}
    try:
        (folder / "status").mkdir(parents=True, exist_ok=True)
        _write(folder / ISSUER, to_json(told) + b"\n")
    except OSError as error:
        raise OutsideError(f"{folder} cannot be written: {error.strerror}") from error
    return Body(Issuer(address, name), economy)


def body_of(folder: Path) -> Body:
    """The issuing body of a folder.

    Raises:
        PathAbsent: it is none.
        UsageError: it cannot be read.
    """
    try:
        told = from_json((folder / ISSUER).read_bytes(), DOCUMENT_BYTES_MAX, ISSUER)
        return Body(Issuer(str(told["id"]), str(told["name"])), str(told["economy"]))
    except FileNotFoundError as error:
        raise PathAbsent(
            f"{folder} is no folder of an issuing body",
            next_step="Make one with `tumen credential init`.",
        ) from error
    except (VerificationError, KeyError) as error:
        raise UsageError(f"{folder / ISSUER} cannot be read") from error


def issue(
    folder: Path, certificate: Certificate, holder: str, signer: Signer, now: datetime
) -> Issued:
    """Issue a credential of origin; the same certificate again gives the same payload.

    Args:
        folder: the issuing body's.
        certificate: what is certified.
        holder: to whom, as a ``did:jwk``; empty for whoever holds it.
        signer: who signs.
        now: the moment of issue.

    Raises:
        CertificateInvalid: the certificate breaks a rule.
        UsageError: its number was given to another one.
    """
    body = body_of(folder)
    wrong = list(findings(certificate, (now + REGION_AHEAD_OF_UTC).date()))
    exporting = exporting_economy(certificate)
    if exporting != body.economy:
        wrong.append(Finding("CERTIFICATE_ECONOMY", "exporter.economy", exporting, body.economy))
    if wrong:
        raise CertificateInvalid(tuple(wrong))
    told = {"holder": holder, "certificate": fields_of(certificate)}
    content = hashlib.sha256(to_json(told)).hexdigest()
    with _locked(folder):
        lines = list(_lines(folder))
        entry = _entry(lines, certificate.number, content)
        if entry is None:
            entry = {
                "issued": certificate.number,
                "content": content,
                "index": _free(lines, secrets.randbelow),
                "at": time_text(now),
            }
            _append(folder, entry)
        credential = _credential(body, certificate, holder, entry)
        token = signer.token(to_json(claims_of(credential)))
        return Issued(token, credential, _publish(folder, body, signer, now))


def revoke(folder: Path, number: str, signer: Signer, now: datetime) -> bytes:
    """Revoke a credential by its certificate's number, for ever; gives the new status list.

    Raises:
        UsageError: no such certificate was issued here.
    """
    body = body_of(folder)
    with _locked(folder):
        lines = list(_lines(folder))
        if all(each.get("issued") != number for each in lines):
            raise UsageError(
                f"No certificate {number} was issued here.",
                next_step=f"The numbers stand in {folder / _REGISTER}.",
            )
        if all(each.get("revoked") != number for each in lines):
            _append(folder, {"revoked": number, "at": time_text(now)})
        return _publish(folder, body, signer, now)


def publish(folder: Path, signer: Signer, now: datetime) -> bytes:
    """Issue the status list anew, so that it is not old."""
    body = body_of(folder)
    with _locked(folder):
        return _publish(folder, body, signer, now)


def _credential(
    body: Body, certificate: Certificate, holder: str, entry: Mapping[str, Any]
) -> Credential:
    return Credential(
        id=credential_id(body.issuer.id, certificate.number),
        issuer=body.issuer,
        valid_from=time_of(entry["at"]),
        valid_until=end_of_life(certificate.agreement, certificate.issued),
        status=StatusEntry(ENTRY_TYPE, REVOCATION, str(entry["index"]), _list_id(body)),
        holder=holder,
        certificate=certificate,
    )


def _list_id(body: Body) -> str:
    return f"{body.issuer.id}/status/1"


def _entry(lines: list[dict[str, Any]], number: str, content: str) -> dict[str, Any] | None:
    for each in lines:
        if each.get("issued") == number:
            if each["content"] != content:
                raise UsageError(
                    f"The number {number} was given to another certificate on {each['at'][:10]}.",
                    next_step="Revoke that one and issue this one under a number of its own.",
                )
            return each
    return None


def _free(lines: list[dict[str, Any]], draw: Callable[[int], int]) -> int:
    """A place in the list that nobody has, by chance: its order tells nothing (§2.1)."""
    taken = {each["index"] for each in lines if "index" in each}
    for _ in range(_TRIES_MAX):
        index = draw(STATUS_ENTRIES_MIN)
        if index not in taken:
            return index
    raise UsageError("The status list is full; a second list is not built yet.")


def _publish(folder: Path, body: Body, signer: Signer, now: datetime) -> bytes:
    lines = list(_lines(folder))
    gone = {each["revoked"] for each in lines if "revoked" in each}
    indexes = frozenset(each["index"] for each in lines if each.get("issued") in gone)
    listed = status.StatusList(_list_id(body), body.issuer, now, status.with_revoked(indexes))
    token = signer.token(to_json(status.claims_of(listed)))
    _write(folder / STATUS, token + b"\n")
    return token


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    """What was issued and revoked; a last line that a crash cut off was never handed out."""
    file = folder / _REGISTER
    if not file.exists():
        return
    for line in file.read_bytes().split(b"\n")[:-1]:
        try:
            yield from_json(line, DOCUMENT_BYTES_MAX, _REGISTER)
        except VerificationError as error:
            raise UsageError(f"{file} was changed by another hand: {error}") from error


def _append(folder: Path, entry: Mapping[str, Any]) -> None:
    with (folder / _REGISTER).open("ab+") as file:
        _drop_cut_line(file)
        file.write(to_json(entry) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _drop_cut_line(file: Any) -> None:
    file.seek(0)
    data = file.read()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        file.truncate(whole)


def _write(file: Path, data: bytes) -> None:
    aside = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with aside.open("wb") as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())
    aside.replace(file)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One writer at a time."""
    try:
        with (folder / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise OutsideError(f"{folder} cannot be written: {error.strerror}") from error
