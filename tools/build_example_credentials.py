"""Build `examples/credential`: a made-up issuing body's credential, status list and trust bundle.

Its keys follow from words that stand here, so everybody has them: they are for trying and for
tests, and must be believed by nobody. The same files come out every time.
"""

import argparse
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from tumen.trust.bundle_issue import issued
from tumen.trust.bundle_model import Member, MemberKey, Policy, Role, TrustBundle
from tumen.trust.credential import status
from tumen.trust.credential.encoding import to_base64url, to_json
from tumen.trust.credential.envelope import (
    ENTRY_TYPE,
    REVOCATION,
    Credential,
    Issuer,
    StatusEntry,
    claims_of,
    credential_id,
    end_of_life,
)
from tumen.trust.credential.origin import certificate_of
from tumen.trust.credential.secure import SecretKey, secret_of
from tumen.trust.signer import KeySigner, MemorySecret

ADDRESS: Final = "https://chamber.example.cn"
NAME: Final = "Example Chamber (made up, key known to all)"
AT: Final = datetime(2026, 11, 3, 9, tzinfo=UTC)
PLACE: Final = 94_567
SINCE: Final = datetime(2026, 1, 1, tzinfo=UTC)
LISTED: Final = f"{ADDRESS}/status/1"


def seed(words: str) -> bytes:
    """The secret of a key that is none: everybody can make it."""
    return hashlib.sha256(f"tumen example key, known to all: {words}".encode()).digest()


def issuer_key() -> SecretKey:
    """The issuing body's key."""
    secret = seed("issuer")
    public = MemorySecret.from_seed(secret).public_key
    fields = {"kty": "OKP", "crv": "Ed25519", "x": to_base64url(public), "d": to_base64url(secret)}
    return secret_of(fields)


def credential(examples: Path) -> bytes:
    """The credential of the example of an RCEP certificate."""
    found = certificate_of(json.loads((examples / "certificate-rcep.json").read_text("utf-8")))
    told = Credential(
        id=credential_id(ADDRESS, found.number),
        issuer=Issuer(ADDRESS, NAME),
        valid_from=AT,
        valid_until=end_of_life(found.agreement, found.issued),
        status=StatusEntry(ENTRY_TYPE, REVOCATION, str(PLACE), LISTED),
        holder="",
        certificate=found,
    )
    return issuer_key().token(to_json(claims_of(told))) + b"\n"


def status_list() -> bytes:
    """Its status list, in which another credential is revoked."""
    bits = status.with_revoked(frozenset({PLACE + 1}))
    listed = status.StatusList(LISTED, Issuer(ADDRESS, NAME), AT, bits)
    return issuer_key().token(to_json(status.claims_of(listed))) + b"\n"


def bundle() -> bytes:
    """A trust bundle that believes it."""
    signer = KeySigner("chamber.example.cn/bundle", MemorySecret.from_seed(seed("bundle")))
    keys = (
        MemberKey(Role.ISSUER, issuer_key().public, SINCE, None, None),
        MemberKey(Role.BUNDLE, signer.verifier_key, SINCE, None, None),
    )
    members = (Member("CN", NAME, keys),)
    version = TrustBundle(
        1, SINCE.date(), date(2029, 12, 31), None, members, (Policy("any", ("CN",), 1, 0),)
    )
    return issued(version, [signer])


def files(examples: Path) -> Mapping[str, bytes]:
    """Every file by its name below `examples/credential`."""
    return {
        "certificate-rcep.vc": credential(examples),
        "status-list.vc": status_list(),
        "trust.bundle": bundle(),
    }


def main() -> None:
    """Write the files below the folder of examples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", type=Path)
    examples = parser.parse_args().examples
    (examples / "credential").mkdir(exist_ok=True)
    for name, data in files(examples).items():
        (examples / "credential" / name).write_bytes(data)


if __name__ == "__main__":
    main()
