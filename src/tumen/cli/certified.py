"""Verifies a credential and hands the law what it says: law and trust do not see each other."""

from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from tumen.cli.credential_files import bundle_in, read, situation
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import UsageError
from tumen.law.consignment import CertifiedLine, CertifiedOrigin
from tumen.trust.credential.check import STATUS_AGE_MAX, Answer, Verdict, check


def certified_by(file: Path, trust: Path | None, lists: Iterable[Path]) -> CertifiedOrigin:
    """What a certificate of origin in a file says, and whether it counts.

    Raises:
        UsageError: nobody is named who is believed.
    """
    if trust is None:
        raise UsageError(
            "A certificate of origin is verified by a trust bundle.",
            next_step="Name it with --trust, or set TUMEN_TRUST.",
        )
    now = SystemClock().now()
    where = situation(bundle_in(trust, now.date()), now, lists, STATUS_AGE_MAX)
    return facts_of(check(read(file), where))


def facts_of(verdict: Verdict) -> CertifiedOrigin:
    """The facts of a verdict; one that is not simply valid counts for nothing and says why."""
    if verdict.credential is None:
        return CertifiedOrigin(refused=verdict.code)
    if verdict.answer is not Answer.VALID:
        agreement = verdict.credential.certificate.agreement
        return CertifiedOrigin(agreement, refused=verdict.code)
    found = verdict.credential.certificate
    return CertifiedOrigin(
        agreement=found.agreement,
        destination=found.importing_economy,
        first=found.issued,
        last=(verdict.credential.valid_until - timedelta(days=1)).date(),
        lines=tuple(
            CertifiedLine(each.hs, each.origin, Fraction(each.quantity), each.unit)
            for each in found.goods
        ),
    )
