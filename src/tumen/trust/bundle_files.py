"""The versions of a trust bundle as files: the one in use, and each by its number beside it.

``trust.bundle`` is in use; ``trust.bundle.1``, ``trust.bundle.2``, … make up the chain, and the
newest of them may still wait for signatures.
"""

import os
import secrets
from pathlib import Path

from tumen.kernel.errors import OutsideError, PathAbsent, SourceUnreadable, UsageError
from tumen.kernel.limits import TRUST_BUNDLE_BYTES_MAX
from tumen.trust.bundle import SignedBundle, parse


def read(file: Path) -> SignedBundle:
    """Read a version; nothing is said of who signed it.

    Raises:
        PathAbsent: there is none.
        SourceUnreadable: it cannot be read.
        VerificationError: it is no trust bundle.
    """
    return parse(read_bytes(file))


def read_bytes(file: Path) -> bytes:
    """The bytes of a version, no more than one may have and one more."""
    try:
        with file.open("rb") as opened:
            return opened.read(TRUST_BUNDLE_BYTES_MAX + 1)
    except FileNotFoundError as error:
        raise PathAbsent(
            f"There is no trust bundle {file}",
            next_step="Make one with `tumen trust init`, or take one with `tumen trust check`.",
        ) from error
    except OSError as error:
        raise SourceUnreadable(f"The trust bundle {file} cannot be read: {error}") from error


def version_file(current: Path, version: int) -> Path:
    """Where a version lies."""
    return current.with_name(f"{current.name}.{version}")


def keep(current: Path, data: bytes) -> Path:
    """Write a version under its number; one that says something else is never overwritten.

    Raises:
        UsageError: another version has this number already.
        OutsideError: it cannot be written.
    """
    found = parse(data)
    file = version_file(current, found.bundle.version)
    if file.exists() and read(file).note.text != found.note.text:
        raise UsageError(
            f"{file} is another version {found.bundle.version}",
            next_step="Two versions of one number split those who trust them. Take one away by "
            "hand only if nobody else has it.",
        )
    _write(file, data)
    return file


def take(current: Path, data: bytes) -> None:
    """Write a version, and use it from now on."""
    keep(current, data)
    _write(current, data)


def _write(file: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    aside = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("xb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
        aside.replace(file)
    except OSError as error:
        raise OutsideError(f"The trust bundle {file} cannot be written: {error}") from error
    finally:
        aside.unlink(missing_ok=True)
