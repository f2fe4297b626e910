"""What the environment says of a node: where its keys and log lie, and what it has chosen."""

import os
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Final

from tumen.kernel.errors import PathAbsent, UsageError
from tumen.kernel.limits import TOLERANCE_FEN_MAX
from tumen.kernel.person_limits import ANSWER_HOURS_MAX
from tumen.trust.key_ring import KeyRing
from tumen.trust.xmldsig.certificate_files import trust_anchors
from tumen.window.examinations import Recognition
from tumen.window.recognition import recognitions
from tumen.window.service_level import ServiceLevel, service_level
from tumen.window.signatures import MessageSignatures, SignaturePolicy

DEFAULT_SEED: Final = "tumen"
DEFAULT_ANSWER_HOURS: Final = 24
DEFAULT_QUEUE_HOURS: Final = "yellow=24,red=48"
"""A choice of ours, so that a node has a clock at all; no law says so."""


def keys_file(location: str | None) -> Path:
    """Where the secrets of a node lie: $TUMEN_KEYS, or beside the embedded server's directory."""
    stated = os.environ.get("TUMEN_KEYS")
    if stated:
        return Path(stated)
    home = Path(os.environ.get("TUMEN_HOME") or Path.home() / ".local/share/tumen")
    if location is None or location.startswith(("postgresql://", "postgres://")):
        return home / "node.keys"
    return Path(location).expanduser().absolute().with_suffix(".keys")


def key_ring(location: str | None) -> KeyRing:
    """The signing keys of a node, beside its secrets or where the settings say."""
    return KeyRing(keys_file(location), os.environ)


def log_folder(location: str | None) -> Path:
    """Where the log is published: $TUMEN_LOG, or beside the node's keys."""
    stated = os.environ.get("TUMEN_LOG")
    return Path(stated) if stated else keys_file(location).with_suffix(".log")


def erasures_file(location: str | None) -> Path:
    """Which persons were erased: $TUMEN_ERASURES, or beside the node's keys, never in a backup."""
    stated = os.environ.get("TUMEN_ERASURES")
    return Path(stated) if stated else keys_file(location).with_suffix(".erasures")


def signatures() -> MessageSignatures:
    """How a node judges signatures: $TUMEN_SIGNATURES, by the certificates of $TUMEN_CERTIFICATES.

    Raises:
        UsageError: the policy is none, or it requires what nobody could fulfil.
    """
    stated = os.environ.get("TUMEN_SIGNATURES", SignaturePolicy.RECORD)
    folder = os.environ.get("TUMEN_CERTIFICATES")
    if stated not in set(SignaturePolicy):
        raise UsageError(f"TUMEN_SIGNATURES is {stated}; it must be record or require.")
    policy = SignaturePolicy(stated)
    if policy is SignaturePolicy.REQUIRE and not folder:
        raise UsageError(
            "TUMEN_SIGNATURES=require needs TUMEN_CERTIFICATES.",
            next_step="Name the folder of the certificates that this node trusts.",
        )
    return MessageSignatures(policy, trust_anchors(Path(folder)) if folder else None)


def payer_must_be_buyer() -> bool:
    """Whether this node asks that who pays is who buys; $TUMEN_PAYER_MUST_BE_BUYER."""
    return os.environ.get("TUMEN_PAYER_MUST_BE_BUYER", "1") != "0"


def guarantee_must_suffice() -> bool:
    """Whether goods wait here until their guarantee suffices; $TUMEN_GUARANTEE_MUST_SUFFICE."""
    return os.environ.get("TUMEN_GUARANTEE_MUST_SUFFICE", "0") == "1"


def tolerance_fen() -> int:
    """By how many fen a total may miss its parts on this node; $TUMEN_TOLERANCE_FEN, 0 if unset.

    Raises:
        UsageError: it is no whole number of fen within the limit.
    """
    stated = os.environ.get("TUMEN_TOLERANCE_FEN", "0")
    if not stated.isascii() or not stated.isdigit() or int(stated) > TOLERANCE_FEN_MAX:
        raise UsageError(
            f"TUMEN_TOLERANCE_FEN is {stated}; it must be fen, from 0 to {TOLERANCE_FEN_MAX}."
        )
    return int(stated)


def recognised() -> tuple[Recognition, ...]:
    """Whose results of examinations stand for whose: the table of $TUMEN_RECOGNITION, or none.

    Raises:
        PathAbsent: there is no such file.
        UsageError: it is no table of recognition.
    """
    stated = os.environ.get("TUMEN_RECOGNITION")
    if not stated:
        return recognitions(files("tumen.window").joinpath("data/recognition.toml").read_text())
    if not Path(stated).is_file():
        raise PathAbsent(f"There is no file {stated}.")
    return recognitions(Path(stated).read_text(encoding="utf-8"))


def queue_targets() -> ServiceLevel:
    """How long what waits for an officer may wait here, by lane: $TUMEN_QUEUE_HOURS.

    Raises:
        UsageError: it is no such table.
    """
    return service_level(os.environ.get("TUMEN_QUEUE_HOURS", DEFAULT_QUEUE_HOURS))


def answer_within() -> timedelta:
    """How soon this node means to answer a question to its help desk: $TUMEN_ANSWER_HOURS.

    Raises:
        UsageError: it is no number of hours.
    """
    stated = os.environ.get("TUMEN_ANSWER_HOURS", str(DEFAULT_ANSWER_HOURS))
    is_number = stated.isascii() and stated.isdigit() and len(stated) <= len(str(ANSWER_HOURS_MAX))
    if not is_number or not 1 <= int(stated) <= ANSWER_HOURS_MAX:
        raise UsageError(
            f"TUMEN_ANSWER_HOURS is {stated}; it must be hours, from 1 to {ANSWER_HOURS_MAX}."
        )
    return timedelta(hours=int(stated))


def webhook_private() -> bool:
    """Whether this node sends events into private networks too; $TUMEN_WEBHOOK_PRIVATE."""
    return os.environ.get("TUMEN_WEBHOOK_PRIVATE", "0") == "1"


def screening_seed() -> str:
    """What makes the lots of this node its own: $TUMEN_SCREENING_SEED; keep it secret."""
    return os.environ.get("TUMEN_SCREENING_SEED", DEFAULT_SEED)
