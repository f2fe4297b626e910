"""`tumen verify`: what receipts prove, offline, without keys, database or network."""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from tumen.cli.verdict_page import LIMITS, OUTCOMES, as_json, complaint, details, headline, place
from tumen.cli.verify_files import Pair, pairs, read
from tumen.kernel.clock import SystemClock
from tumen.trust import bundle
from tumen.trust.bundle import TrustBundle
from tumen.trust.verdict import Finding, Outcome, State, Verdict
from tumen.trust.verifier import Verifier

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
            help="Receipts and their proofs: receipts.ndjson, *.xml, proofs.ndjson, *.tlog-proof, "
            "or a folder of them.",
        ),
    ],
    trust: Annotated[
        Path | None,
        typer.Option(envvar="TUMEN_TRUST", help="The trust bundle that says who is believed."),
    ] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="The same as one JSON object.")] = False,
) -> None:
    """Verify receipts by their proofs, offline: say what is proven and what is not.

    Exits with 0 only when every receipt is valid.
    """
    believed = None if trust is None else _believed(trust)
    verifier = Verifier(believed, SystemClock().now())
    verdicts = [(each.where, _verdict(verifier, each)) for each in pairs(files)]
    if as_json_:
        typer.echo(json.dumps(_plain(verdicts, believed), ensure_ascii=False))
    else:
        _print(verdicts)
    is_well = bool(verdicts) and all(found.outcome is Outcome.VALID for _, found in verdicts)
    raise typer.Exit(0 if is_well else 1)


def _believed(path: Path) -> TrustBundle:
    """The bundle that the user chose to believe: whole, and signed by keys of its own.

    Raises:
        VerificationError: it is no bundle, or was changed after it was signed.
    """
    signed = bundle.parse(read(path))
    signed.note.verified_by(bundle.usable_keys(signed.bundle, signed.bundle))
    return signed.bundle


def _verdict(verifier: Verifier, pair: Pair) -> Verdict:
    if pair.refused is not None:
        return _only(Finding(pair.refused.code, State.FAILED, {"message": str(pair.refused)}))
    if pair.proof is None:
        return _only(Finding("PROOF_NOT_GIVEN", State.NOT_PROVEN, {}))
    return verifier.verify(pair.receipt, pair.proof)


def _only(finding: Finding) -> Verdict:
    return Verdict((finding,))


def _plain(verdicts: list[tuple[str, Verdict]], believed: TrustBundle | None) -> dict[str, Any]:
    counts = Counter(found.outcome for _, found in verdicts)
    return {
        "outcomes": {each.value: counts[each] for each in Outcome},
        "bundle": None
        if believed is None
        else {"version": believed.version, "digest": believed.digest},
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
