"""The files that credentials are verified by: read once, bounded, from nowhere but the disk."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

from tumen.kernel.errors import PathAbsent, SourceUnreadable
from tumen.kernel.limits import CREDENTIAL_BYTES_MAX
from tumen.trust import bundle
from tumen.trust.bundle import TrustBundle
from tumen.trust.credential.check import Situation


def read(file: Path) -> bytes:
    """The bytes of a file, one more than is allowed at most.

    Raises:
        PathAbsent: there is none.
        SourceUnreadable: it cannot be read.
    """
    try:
        with file.open("rb") as source:
            return source.read(CREDENTIAL_BYTES_MAX + 1)
    except FileNotFoundError as error:
        raise PathAbsent(f"There is no file {file}.") from error
    except OSError as error:
        raise SourceUnreadable(f"{file} cannot be read: {error.strerror}") from error


def bundle_in(file: Path, day: date) -> TrustBundle:
    """The bundle that the user chose to believe: whole, signed by its own keys, and current.

    Raises:
        VerificationError: it is no bundle, was changed after it was signed, or is out of date.
    """
    signed = bundle.parse(read(file))
    signed.note.verified_by(bundle.usable_keys(signed.bundle, signed.bundle))
    signed.bundle.need_current(day)
    return signed.bundle


def situation(
    believed: TrustBundle, now: datetime, lists: Iterable[Path], age_max: timedelta
) -> Situation:
    """What is known where a credential is verified."""
    return Situation(believed, now, tuple(read(each) for each in lists), age_max)
