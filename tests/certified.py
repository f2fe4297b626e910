"""A made-up issuing body with its certificates, credentials and trust bundle, for tests."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tumen.trust.bundle_model import Member, MemberKey, Role, TrustBundle
from tumen.trust.credential import register, status
from tumen.trust.credential.check import Situation
from tumen.trust.credential.encoding import to_base64url, to_json
from tumen.trust.credential.envelope import (
    Credential,
    Issuer,
    StatusEntry,
    claims_of,
    credential_id,
    end_of_life,
)
from tumen.trust.credential.origin import Certificate, certificate_of
from tumen.trust.credential.secure import SecretKey, made_key

ADDRESS = "https://chamber.example.cn"
NAME = "Example Chamber (made up)"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ISSUED_AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
INDEX = 94_567
EXAMPLES = Path(__file__).parents[1] / "examples"


def fields(name: str = "rcep") -> dict[str, Any]:
    """The JSON of one of the example certificates."""
    found: dict[str, Any] = json.loads((EXAMPLES / f"certificate-{name}.json").read_text())
    return found


def certificate(name: str = "rcep", **changes: Any) -> Certificate:
    return certificate_of(fields(name) | changes)


@dataclass(frozen=True)
class Chamber:
    """An issuing body with a key, and who believes it."""

    key: SecretKey
    economy: str = "CN"
    name: str = NAME

    def claims(self, **changes: Any) -> dict[str, Any]:
        """The payload of a credential of the RCEP example, with some names replaced."""
        found = certificate()
        credential = Credential(
            id=credential_id(ADDRESS, found.number),
            issuer=Issuer(ADDRESS, NAME),
            valid_from=ISSUED_AT,
            valid_until=end_of_life(found.agreement, found.issued),
            status=StatusEntry(
                register.ENTRY_TYPE, register.REVOCATION, str(INDEX), f"{ADDRESS}/status/1"
            ),
            holder="",
            certificate=found,
        )
        return claims_of(credential) | changes

    def credential(self, **changes: Any) -> bytes:
        return self.key.token(to_json(self.claims(**changes)))

    def status(self, at: datetime = NOW, revoked: frozenset[int] = frozenset()) -> bytes:
        listed = status.StatusList(
            f"{ADDRESS}/status/1", Issuer(ADDRESS, NAME), at, status.with_revoked(revoked)
        )
        return self.key.token(to_json(status.claims_of(listed)))

    def member_key(self, **changes: Any) -> MemberKey:
        told: dict[str, Any] = {
            "role": Role.ISSUER,
            "key": self.key.public,
            "valid_from": datetime(2026, 1, 1, tzinfo=UTC),
            "valid_until": None,
            "distrusted_after": None,
        }
        return MemberKey(**(told | changes))

    def bundle(self, **changes: Any) -> TrustBundle:
        member = Member(self.economy, self.name, (self.member_key(**changes),))
        return TrustBundle(1, date(2026, 1, 1), date(2027, 12, 31), None, (member,), ())

    def situation(self, **changes: Any) -> Situation:
        found = Situation(self.bundle(), NOW, (self.status(),))
        return replace(found, **changes)


def chamber(kind: str = "Ed25519", **changes: Any) -> Chamber:
    return Chamber(made_key(kind), **changes)


def reheaded(token: bytes, header: Mapping[str, Any] | bytes) -> bytes:
    """A token with another header and the old signature."""
    told = header if isinstance(header, bytes) else to_json(header)
    return b".".join([to_base64url(told).encode(), *token.split(b".")[1:]])


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)
