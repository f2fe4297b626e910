"""Recognises what a file given to the verifier holds, and joins receipts with their proofs."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from tumen.codelist.verdict_words import shown
from tumen.kernel.errors import PathAbsent, SourceUnreadable, UsageError, VerificationError
from tumen.kernel.limits import RECEIPT_FILE_BYTES_MAX
from tumen.trust import bundle, bundle_model, proof, receipts, statement
from tumen.trust.credential.artefact import artefact_of
from tumen.trust.verifier import subject_hash

PROOF_OPENING: Final = proof.FIRST_LINE.encode() + b"\n"
BUNDLE_TYPE: Final = f'\n  "type": "{bundle_model.BUNDLE_TYPE}"'.encode()
"""A line of every bundle in its one form."""

COMPACT: Final = re.compile(rb"eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\n?")
"""A compact JWS: a protected header that is a JSON object, payload, signature (RFC 7515 §3.1)."""

CEB_FOLDER: Final = "ceb"
PROOFS: Final = "proofs.ndjson"
PROOF_SUFFIX: Final = ".tlog-proof"
FOLDER_PATTERNS: Final = (
    PROOFS, "receipts.ndjson", "notices.ndjson", "*.xml", f"*{PROOF_SUFFIX}", "*.vc",
    "erasure.json", "origin.json",
)  # fmt: skip
"""What of a folder of answers is verified, in whatever case it is written, and of ``ceb`` in it."""

SKIPPED_NAMED: Final = 6
"""Files of a folder that are named as not verified; of more, the number."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as it stands in a file, and where.

    Attributes:
        where: the file, with the line.
        data: the bytes whose hash a log holds.
        token: the compact token whose payload they are, of a credential or a status list.
    """

    where: str
    data: bytes
    token: bytes | None = None


@dataclass(frozen=True, slots=True)
class ProofText:
    """A proof, where it stands, and the hash of the receipt that it is for, if it tells one."""

    where: str
    data: bytes
    receipt: str | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A place where something should stand that cannot be read."""

    where: str
    refused: VerificationError


Held = Receipt | ProofText | Unreadable


@dataclass(frozen=True, slots=True)
class Pair:
    """A receipt with its proof; one of them may be missing.

    Attributes:
        where: where it stands.
        receipt: the bytes whose hash a log holds.
        proof: the proof that names this hash.
        refused: why nothing can be read there.
        token: the compact token that the receipt is the payload of.
    """

    where: str
    receipt: bytes | None
    proof: bytes | None
    refused: VerificationError | None = None
    token: bytes | None = None


def pairs(paths: Sequence[Path]) -> list[Pair]:
    """What is to be verified in files and folders, in their order.

    The proof of a receipt that is named alone is looked for beside it, where it was written.

    Raises:
        UsageError: there is no such file, or nothing in a folder.
        OutsideError: a file cannot be read.
    """
    held = [each for path in paths for file in _files(path) for each in _held(file)]
    told = [(sha256(each.data).hexdigest(), each) for each in held if isinstance(each, Receipt)]
    named = {name for name, _ in told}
    proofs = _proofs(paths, held, named)
    refused = [each for each in held if isinstance(each, Unreadable)]
    spare = [one for name, several in proofs.items() if name not in named for one in several]
    return [
        *(Pair(each.where, None, None, each.refused) for each in refused),
        *_proven(told, proofs),
        *(Pair(one.where, None, one.data) for one in spare),
    ]


def _proofs(
    paths: Sequence[Path], held: Sequence[Held], named: set[str]
) -> Mapping[str | None, Sequence[ProofText]]:
    """By the receipt that it names each proof that was given, else those that lie beside."""
    proofs: dict[str | None, list[ProofText]] = defaultdict(list)
    for each in held:
        if isinstance(each, ProofText):
            proofs[each.receipt].append(each)
    unproven = named - proofs.keys()
    for one in _beside(paths) if unproven else ():
        if one.receipt in unproven:
            proofs[one.receipt].append(one)
    return proofs


def _proven(
    told: Iterable[tuple[str, Receipt]], proofs: Mapping[str | None, Sequence[ProofText]]
) -> Iterator[Pair]:
    """Each receipt with its proofs; equal ones but the first with one, never all with all."""
    met: set[str] = set()
    for name, each in told:
        several = proofs.get(name, ())[: 1 if name in met else None]
        met.add(name)
        texts: list[bytes | None] = [one.data for one in several]
        for text in texts or [None]:
            yield Pair(each.where, each.data, text, token=each.token)


def _beside(paths: Sequence[Path]) -> Iterator[ProofText]:
    """The proofs that lie where files were written; those of messages lie above their folder."""
    places: dict[Path, None] = {}
    for path in filter(Path.is_file, paths):
        is_message = path.parent.name.lower() == CEB_FOLDER
        near = path.parent.parent if is_message else path.parent
        places |= {path.with_name(f"{path.name}{PROOF_SUFFIX}"): None, near / PROOFS: None}
    for place in places:
        if place.is_file() and place not in paths:
            yield from (each for each in _held(place) if isinstance(each, ProofText))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = [each for each in _within(path) if _is_verified(each)]
    if not found:
        raise UsageError(
            f"There are no receipts and proofs in {path}.",
            next_step="Name the folder that `tumen clear --out` wrote, or files.",
        )
    return found


def _within(folder: Path) -> list[Path]:
    """What lies in a folder, and in the folder of messages in it."""
    found: list[Path] = []
    for each in folder.iterdir():
        is_messages = each.is_dir() and each.name.lower() == CEB_FOLDER
        found += each.iterdir() if is_messages else [each]
    return sorted(found)


def _is_verified(file: Path) -> bool:
    name = file.name.lower()
    return file.is_file() and any(fnmatchcase(name, pattern) for pattern in FOLDER_PATTERNS)


def skipped(paths: Iterable[Path]) -> list[str]:
    """What lies in folders and is not verified, each as it may be shown."""
    within = (each for path in paths if path.is_dir() for each in _within(path))
    return [str(shown(str(each))) for each in within if not _is_verified(each)]


def skipped_line(names: Sequence[str]) -> str:
    """The same in one line."""
    more = len(names) - SKIPPED_NAMED
    told = ", ".join(names[:SKIPPED_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    return f"Not verified, for it is neither receipt nor proof by its name: {told}"


def read(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        PathAbsent: there is none.
        SourceUnreadable: it cannot be read, or is larger than any receipt file.
    """
    try:
        with path.open("rb") as opened:
            data = opened.read(RECEIPT_FILE_BYTES_MAX + 1)
    except FileNotFoundError as error:
        raise PathAbsent(f"There is no file {path}") from error
    except OSError as error:
        raise SourceUnreadable(f"{shown(str(path))} cannot be read: {error.strerror}") from error
    if len(data) > RECEIPT_FILE_BYTES_MAX:
        raise SourceUnreadable(f"{shown(str(path))} is larger than any file of receipts")
    return data


def _held(path: Path) -> Iterator[Held]:
    """What a file holds; the one place where its kind is recognised."""
    name, data = str(shown(str(path))), read(path)  # a stranger may have named it
    if path.suffix.lower() == ".vc" or COMPACT.fullmatch(data):
        yield _token(name, data)
    elif data.startswith(b"{\n") and BUNDLE_TYPE in data:
        yield _bundle(name, data)
    elif data.startswith(PROOF_OPENING) or path.suffix.lower() == PROOF_SUFFIX:
        yield ProofText(name, data, _subject(data))
    elif data.startswith(b'{"receipt":') or path.name.lower() == PROOFS:
        yield from _proof_lines(name, data)
    elif path.suffix.lower() == ".ndjson" or data.startswith(b"{"):
        for number, line in enumerate(receipts.lines(data), 1):
            yield Receipt(f"{name}:{number}", line)
    elif path.suffix.lower() == ".xml":
        yield from _elements(name, data)
    else:  # an artefact: the log holds the hash of the whole file
        yield Receipt(name, data)


def _token(name: str, data: bytes) -> Receipt:
    """A credential: the log holds the hash of what is signed, whoever signs it anew."""
    try:
        return Receipt(name, artefact_of(data).payload, data)
    except VerificationError:  # the check of the credential tells why
        return Receipt(name, data, data)


def _bundle(name: str, data: bytes) -> Held:
    """A trust bundle: the log holds the hash of its text, whoever else signs it."""
    try:
        return Receipt(name, bundle.parse(data).bundle.text.encode())
    except VerificationError as refused:
        return Unreadable(name, refused)


def _elements(name: str, data: bytes) -> Iterator[Held]:
    try:
        found = receipts.elements(data)
    except VerificationError as refused:
        yield Unreadable(name, refused)
        return
    for number, element in enumerate(found, 1):
        yield Receipt(name if len(found) == 1 else f"{name}:{number}", element)


def _subject(data: bytes) -> str | None:
    """The hash that a proof names; None where it names none or cannot be read."""
    try:
        told = subject_hash(statement.parse(proof.parse(data).statement))
    except VerificationError:
        return None
    return told.hex() if told else None


def _proof_lines(name: str, data: bytes) -> Iterator[Held]:
    for number, line in enumerate(receipts.lines(data), 1):
        where = f"{name}:{number}"
        try:
            told = json.loads(line, object_pairs_hook=_once)
            receipt, text = told["receipt"], told["proof"]
            is_form = len(told) == len(("receipt", "proof")) and isinstance(receipt, str)
            yield ProofText(where, text.encode(), receipt if is_form else told[None])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            refused = VerificationError("PROOF_MALFORMED", "the line is no receipt hash with proof")
            yield Unreadable(where, refused)


def _once(members: list[tuple[str, Any]]) -> dict[str | None, Any]:
    found: dict[str | None, Any] = dict(members)
    if len(found) != len(members):
        raise ValueError("a key stands twice")
    return found
