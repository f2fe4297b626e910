"""`tumen verify`: what receipts and credentials prove, offline, without keys or database."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tumen.cli.verdict_page import LIMITS, OUTCOMES, as_json, complaint, details, headline, place
from tumen.cli.verify_files import Pair, pairs, read, skipped, skipped_line
from tumen.cli.verify_options import HELP, Options, read_options
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import UsageError
from tumen.trust import bundle
from tumen.trust.bundle import Role, SignedBundle
from tumen.trust.verdict import Finding, Outcome, State, Verdict
from tumen.trust.verifier import Verifier

if TYPE_CHECKING:
    from tumen.cli.verify_credentials import Checked

DETAILED_MAX: Final = 3
"""Receipts up to which every finding is told; of more, a summary and what is not valid."""

COMPLAINTS_MAX: Final = 20
"""Reasons that are told of many receipts."""

PLACES_MAX: Final = 3
"""Receipts that are named for each reason."""


def run(arguments: Sequence[str]) -> int:
    """Verify what the command line names, say what is proven, and return the exit code.

    0 only when every receipt and credential is valid.

    Raises:
        UsageError: the arguments are not as they are meant, or name nothing to verify.
        OutsideError: a file cannot be read.
        VerificationError: the trust bundle is not to be believed.
    """
    options = read_options(arguments)
    if options.is_help:
        sys.stdout.write(f"{HELP}\n")
        return 0
    answer = _answer(options)
    told = _json(answer) if options.is_json else "\n".join(_page(answer))
    sys.stdout.write(f"{told}\n")
    return 0 if answer.is_well else 1


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of it.

    Attributes:
        verdicts: of each receipt, with the place where it stands.
        credentials: what is said of each credential.
        signed: the trust bundle, where one was given.
        skipped: files of folders that were not verified.
    """

    verdicts: list[tuple[str, Verdict]]
    credentials: "list[Checked]"
    signed: SignedBundle | None
    skipped: list[str]

    @property
    def is_well(self) -> bool:
        """Whether there was something, and all of it is valid."""
        told = [found.outcome is Outcome.VALID for _, found in self.verdicts]
        told += [each.is_well for each in self.credentials]
        return bool(told) and all(told)


def _answer(options: Options) -> _Answer:
    signed = None if options.trust is None else _signed(options.trust)
    believed = None if signed is None else signed.bundle
    verifier = Verifier(believed, SystemClock().now())
    found = pairs(options.files)
    tokens = [each for each in found if each.token is not None]
    age_max = timedelta(days=options.status_age_days_max)
    credentials = _credentials(tokens, verifier, options.statuses, age_max)
    verdicts = [(each.where, _verdict(verifier, each)) for each in found if each.token is None]
    return _Answer(verdicts, credentials, signed, skipped(options.files))


def _credentials(
    tokens: Sequence[Pair], verifier: Verifier, lists: Sequence[Path], age_max: timedelta
) -> "list[Checked]":
    """What is said of the credentials.

    Raises:
        UsageError: nobody says who may issue one.
        VerificationError: the bundle is out of date.
    """
    if not tokens:
        return []
    # Loaded here alone: most files hold none, and it costs a tenth of the time of one receipt.
    judge = import_module("tumen.cli.verify_credentials")
    if verifier.bundle is None:
        raise UsageError(
            f"{tokens[0].where} is a credential, and nothing says who may issue one.",
            next_step="Name a trust bundle with --trust; get it from an authority that you trust.",
        )
    verifier.bundle.need_current(verifier.at.date())
    statuses = tuple(read(each) for each in lists)
    return list(judge.judged(tokens, verifier, statuses, age_max))


def _signed(path: Path) -> SignedBundle:
    """The bundle that the user chose to believe: whole, and signed by keys of its own.

    Raises:
        VerificationError: it is no bundle, or was changed after it was signed.
    """
    signed = bundle.parse(read(path))
    signed.note.verified_by(bundle.usable_keys(signed.bundle, signed.bundle))
    return signed


def _signers(signed: SignedBundle) -> list[tuple[str, str]]:
    """Economy and fingerprint of each bundle key that signed the bundle."""
    usable = bundle.usable_keys(signed.bundle, signed.bundle)
    held = {key.vkey for key in signed.note.verified_by(usable)}
    keys = signed.bundle.keys(Role.BUNDLE)
    return [(member.economy, key.fingerprint) for member, key in keys if key.key in held]


def _believed_by(signed: SignedBundle) -> str:
    """By whose signatures the bundle stands: its own, until somebody compares them."""
    told = "".join(f"\n  {economy}  {print_}" for economy, print_ in _signers(signed))
    return (
        f"All this rests on the trust bundle, version {signed.bundle.version}, which is signed by"
        " keys of its own.\nCompare a fingerprint with what its authority told you by another"
        f" way:{told}"
    )


def _verdict(verifier: Verifier, pair: Pair) -> Verdict:
    if pair.refused is not None:
        return _only(Finding(pair.refused.code, State.FAILED, {"message": str(pair.refused)}))
    if pair.proof is None:
        return _only(Finding("PROOF_NOT_GIVEN", State.NOT_PROVEN, {}))
    return verifier.verify(pair.receipt, pair.proof)


def _only(finding: Finding) -> Verdict:
    return Verdict((finding,))


def _json(answer: _Answer) -> str:
    counts = Counter(found.outcome for _, found in answer.verdicts)
    signed = answer.signed
    plain = {
        "outcomes": {each.value: counts[each] for each in Outcome},
        "bundle": None if signed is None else _plain_bundle(signed),
        "receipts": [as_json(where, found) for where, found in answer.verdicts],
        "credentials": [each.plain for each in answer.credentials],
        "skipped": answer.skipped,
    }
    return json.dumps(plain, ensure_ascii=False)


def _plain_bundle(signed: SignedBundle) -> dict[str, Any]:
    return {
        "version": signed.bundle.version,
        "digest": signed.bundle.digest,
        "fingerprints": [each for _, each in _signers(signed)],
    }


def _page(answer: _Answer) -> Iterator[str]:
    for each in answer.credentials:
        yield from each.lines
    if answer.verdicts or not answer.credentials:
        yield from _told(answer.verdicts)
    if answer.signed is not None:
        yield f"\n{_believed_by(answer.signed)}"
    if answer.skipped:
        yield f"\n{skipped_line(answer.skipped)}"


def _told(verdicts: list[tuple[str, Verdict]]) -> Iterator[str]:
    if not verdicts:
        yield "NOT PROVEN: there is no receipt and no proof in these files."
        return
    if len(verdicts) <= DETAILED_MAX:
        for where, found in verdicts:
            yield headline(where, found)
            yield f"{details(found)}\n"
    else:
        yield from _summary(verdicts)
    yield LIMITS


def _summary(verdicts: list[tuple[str, Verdict]]) -> Iterator[str]:
    counts = Counter(found.outcome for _, found in verdicts)
    told = ", ".join(f"{counts[each]:,} {OUTCOMES[each]}" for each in Outcome if counts[each])
    yield f"{len(verdicts):,} checked: {told}\n"
    bad: dict[str, list[str]] = {}
    for where, found in verdicts:
        if found.outcome is not Outcome.VALID:
            bad.setdefault(complaint(found), []).append(place(where, found))
    for reason, places in list(bad.items())[:COMPLAINTS_MAX]:
        yield from _complaint(reason, places)
    if len(bad) > COMPLAINTS_MAX:
        yield f"… and {len(bad) - COMPLAINTS_MAX:,} more reasons (all of them with --json)"
    if not bad:
        yield f"Of the last one:\n{details(verdicts[-1][1])}"
    yield ""


def _complaint(reason: str, places: list[str]) -> Iterator[str]:
    yield reason
    yield from (f"  {each}" for each in places[:PLACES_MAX])
    if len(places) > PLACES_MAX:
        yield f"  … and {len(places) - PLACES_MAX:,} more (all of them with --json)"
