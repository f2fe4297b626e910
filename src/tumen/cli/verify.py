"""`tumen verify`: what receipts and credentials prove, offline, without keys or database."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tumen.cli.verdict_page import LIMITS, OUTCOMES, as_json, complaint, details, headline, place
from tumen.cli.verify_files import Pair, pairs, read, skipped, skipped_line
from tumen.kernel.clock import SystemClock
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import STATUS_AGE_DAYS_MAX
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


def verify(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Receipts and credentials with their proofs: receipts.ndjson, *.xml, *.vc, "
            "proofs.ndjson, *.tlog-proof, or a folder of them.",
        ),
    ],
    trust: Annotated[
        Path | None,
        typer.Option(envvar="TUMEN_TRUST", help="The trust bundle that says who is believed."),
    ] = None,
    lists: Annotated[
        list[Path] | None, typer.Option("--status", help="A status list of a credential's issuer.")
    ] = None,
    days: Annotated[
        int, typer.Option("--max-status-age", min=0, help="Days until a status list is old.")
    ] = STATUS_AGE_DAYS_MAX,
    as_json_: Annotated[bool, typer.Option("--json", help="The same as one JSON object.")] = False,
) -> None:
    """Verify receipts and credentials offline: say what is proven and what is not.

    Exits with 0 only when every one is valid.
    """
    signed = None if trust is None else _signed(trust)
    believed = None if signed is None else signed.bundle
    verifier = Verifier(believed, SystemClock().now())
    found = pairs(files)
    tokens = [each for each in found if each.token is not None]
    credentials = _credentials(tokens, verifier, lists or (), timedelta(days=days))
    verdicts = [(each.where, _verdict(verifier, each)) for each in found if each.token is None]
    left = skipped(files)
    if as_json_:
        plain = _plain(verdicts, signed) | {"credentials": [each.plain for each in credentials]}
        typer.echo(json.dumps(plain | {"skipped": left}, ensure_ascii=False))
    else:
        for each in credentials:
            typer.echo("\n".join(each.lines))
        if verdicts or not credentials:
            _print(verdicts)
        if signed is not None:
            typer.echo(f"\n{_believed_by(signed)}")
        if left:
            typer.echo(f"\n{skipped_line(left)}")
    is_well = all(each.is_well for each in credentials) and all(
        told.outcome is Outcome.VALID for _, told in verdicts
    )
    raise typer.Exit(0 if found and is_well else 1)


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


def _plain(verdicts: list[tuple[str, Verdict]], signed: SignedBundle | None) -> dict[str, Any]:
    counts = Counter(found.outcome for _, found in verdicts)
    return {
        "outcomes": {each.value: counts[each] for each in Outcome},
        "bundle": None
        if signed is None
        else {
            "version": signed.bundle.version,
            "digest": signed.bundle.digest,
            "fingerprints": [each for _, each in _signers(signed)],
        },
        "receipts": [as_json(where, found) for where, found in verdicts],
    }


def _print(verdicts: list[tuple[str, Verdict]]) -> None:
    if not verdicts:
        typer.echo("NOT PROVEN: there is no receipt and no proof in these files.")
        return
    if len(verdicts) <= DETAILED_MAX:
        for where, found in verdicts:
            typer.echo(headline(where, found))
            typer.echo(f"{details(found)}\n")
    else:
        _print_summary(verdicts)
    typer.echo(LIMITS)


def _print_summary(verdicts: list[tuple[str, Verdict]]) -> None:
    counts = Counter(found.outcome for _, found in verdicts)
    told = ", ".join(f"{counts[each]:,} {OUTCOMES[each]}" for each in Outcome if counts[each])
    typer.echo(f"{len(verdicts):,} checked: {told}\n")
    bad: dict[str, list[str]] = {}
    for where, found in verdicts:
        if found.outcome is not Outcome.VALID:
            bad.setdefault(complaint(found), []).append(place(where, found))
    for reason, places in list(bad.items())[:COMPLAINTS_MAX]:
        _print_complaint(reason, places)
    if len(bad) > COMPLAINTS_MAX:
        typer.echo(f"… and {len(bad) - COMPLAINTS_MAX:,} more reasons (all of them with --json)")
    if not bad:
        typer.echo(f"Of the last one:\n{details(verdicts[-1][1])}")
    typer.echo()


def _print_complaint(reason: str, places: list[str]) -> None:
    typer.echo(reason)
    for each in places[:PLACES_MAX]:
        typer.echo(f"  {each}")
    if len(places) > PLACES_MAX:
        typer.echo(f"  … and {len(places) - PLACES_MAX:,} more (all of them with --json)")
