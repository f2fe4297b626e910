"""What the findings of the verifier say in plain words, by their codes."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

WORDS: Final[Mapping[str, str]] = {
    "RECEIPT_UNCHANGED": "The receipt is, byte for byte, the one that the log recorded.",
    "RECEIPT_MISMATCH": "This is not the receipt that the proof is about, or it was changed.",
    "RECEIPT_NOT_GIVEN": "The receipt itself was not given, so it was not compared.",
    "NO_RECEIPT": "What the log recorded here has no receipt; the proof stands for itself.",
    "PROOF_NOT_GIVEN": "There is no proof for this receipt. Ask whoever gave it for proofs.ndjson "
    "or a .tlog-proof file.",
    "LEAF_IN_TREE": "It is entry {index} of the {size} in this checkpoint of the log {log}.",
    "INCLUSION_MISMATCH": "The proof does not lead to the log's checkpoint: a byte of it was "
    "changed, or it belongs to something else.",
    "LOG_SIGNED": "The checkpoint is signed by the log of {member} ({economy}).",
    "LOG_UNKNOWN": "Nobody in the trust bundle runs this log. Ask for a newer bundle, or doubt it.",
    "SIGNATURE_MISSING": "No key that the trust bundle lists for this log signed the checkpoint.",
    "SIGNATURE_INVALID": "A signature in a known name does not hold: something was changed.",
    "LOG_KEY_DISTRUSTED": "The log's key {key} was no longer trusted when the checkpoint was "
    "made.",
    "LOG_KEY_EXPIRED": "The log's key {key} was no longer valid at the time of the checkpoint.",
    "LOG_KEY_NOT_YET_VALID": "The log's key {key} was not valid yet at the time of the checkpoint.",
    "QUORUM_REACHED": "{count} of {n} economies saw the log so ({economies}); {k} are needed, the "
    "last of them on {time}. {withstands}",
    "QUORUM_PENDING": "{count} of {n} economies saw the log so ({economies}); {k} are needed, "
    "{missing} more are missing. Fetch the proof again later: it grows.",
    "POLICY_MISSING": "The trust bundle does not say how many economies must have seen such a "
    "document.",
    "COSIGNATURE_IN_FUTURE": "The witness {witness} ({economy}) names a time that has not come, "
    "{time}; it does not count. Check this machine's clock.",
    "COSIGNATURE_KEY_DISTRUSTED": "The witness {witness} ({economy}) was no longer trusted; it "
    "does not count.",
    "COSIGNATURE_KEY_EXPIRED": "The key of the witness {witness} ({economy}) had expired; it does "
    "not count.",
    "COSIGNATURE_KEY_NOT_YET_VALID": "The key of the witness {witness} ({economy}) was not valid "
    "yet; it does not count.",
    "COSIGNATURE_OUTSIDE_POLICY": "The witness {witness} ({economy}) is not one of those that "
    "count for such a document.",
    "COSIGNATURE_ECONOMY_COUNTED_ONCE": "The witness {witness} is a further one of {economy}, "
    "which counts once.",
    "BUNDLE_NOT_GIVEN": "Who signed was not judged: no trust bundle was given. Name one with "
    "--trust; get it from an authority that you trust.",
    "BUNDLE_CURRENT": "The trust bundle is version {version}, {age_days} days old, good until "
    "{expires_on}.",
    "BUNDLE_EXPIRED": "The trust bundle, version {version}, expired on {expires_on}. Get a newer "
    "one.",
    "BUNDLE_NOT_YET_ISSUED": "The trust bundle is issued on {issued_on}, which has not come. Check "
    "this machine's clock.",
}  # fmt: skip
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS_SHOWN_MAX: Final = 253_402_300_799  # the last second of the year 9999

WITHSTANDS_NONE: Final = "Two views of the log could both reach that, even if nobody colludes."
WITHSTANDS: Final = (
    "No two views of the log can both reach that while at most {colluders} collude, its own "
    "economy among them."
)


def _same(sentence: str) -> str:
    return sentence


def filled(
    code: str, given: Mapping[str, str | int | None], translate: Callable[[str], str] = _same
) -> str:
    """A finding in plain words.

    Args:
        code: of the finding.
        given: its particulars.
        translate: gives a sentence in another language.

    >>> filled("BUNDLE_EXPIRED", {"version": 3, "expires_on": "2026-01-31"})
    'The trust bundle, version 3, expired on 2026-01-31. Get a newer one.'
    """
    words = WORDS.get(code)
    if words is None:
        return f"{shown(given.get('message')) or code}."
    values: dict[str, Any] = {name: shown(value) for name, value in given.items()}
    most = values.get("colluders")
    pattern = WITHSTANDS_NONE if most is None else WITHSTANDS
    values["withstands"] = translate(pattern).format(colluders=most)
    if "time" in values:
        values["time"] = time_text(values["time"])
    if "economies" in values:
        values["economies"] = values["economies"] or "none"
    return translate(words).format_map(values)


def shown(value: str | int | None) -> str | int | None:
    """A value that cannot turn the writing around or steer a terminal."""
    return value if not isinstance(value, str) or value.isprintable() else ascii(value)


def time_text(seconds: int | None) -> str:
    """A time in POSIX seconds, as UTC."""
    if seconds is None:
        return "an unknown day"
    if seconds > SECONDS_SHOWN_MAX:
        return f"second {seconds}"
    return f"{EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S} UTC"
