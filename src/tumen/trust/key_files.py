"""Key files: one secret key in C2SP's text form, made once, readable by its owner alone.

``PRIVATE+KEY+<name>+<id>+<base64 of the type and the seed>``: the form that the note tools of Go
read and write. A file is made by writing aside, syncing, and linking into place, so that of
several processes one makes the key, all read the same, and no crash leaves half of one. A key
is never printed, logged or shown in a message.
"""

import base64
import binascii
import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tumen.kernel.errors import OutsideError, PathAbsent, UsageError
from tumen.kernel.limits import KEY_FILE_BYTES_MAX
from tumen.trust.signer import (
    SEED_BYTES,
    KeyCosigner,
    KeySigner,
    KeyType,
    MemorySecret,
    public_key,
)

_PREFIX: Final = "PRIVATE+KEY+"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A secret key with its name and type, as a file holds it.

    Attributes:
        name: the name that stands before its signatures.
        kind: what it signs.
        secret: the key.
    """

    name: str
    kind: KeyType
    secret: MemorySecret = field(repr=False)

    @property
    def verifier_key(self) -> str:
        """The public key as C2SP's text."""
        return public_key(self.name, self.kind, self.secret).vkey

    def signer(self) -> KeySigner:
        """Who signs notes with it.

        Raises:
            UsageError: it is the key of a witness.
        """
        self._must_be(KeyType.NOTE, "sign notes")
        return KeySigner(self.name, self.secret)

    def cosigner(self) -> KeyCosigner:
        """Who cosigns checkpoints with it.

        Raises:
            UsageError: it is no key of a witness.
        """
        self._must_be(KeyType.COSIGNATURE, "cosign")
        return KeyCosigner(self.name, self.secret)

    def _must_be(self, kind: KeyType, what: str) -> None:
        if self.kind is not kind:
            raise UsageError(
                f"the key {self.name} is not made to {what}",
                next_step="Name the file of the other key; each key has one role.",
            )


def make_key(file: Path, name: str, kind: KeyType) -> KeyFile:
    """Make a new key and its file; where another process was first, take the key it made.

    Args:
        file: where the key shall lie.
        name: the name that stands before its signatures.
        kind: what it signs.

    Raises:
        OutsideError: the file cannot be written.
        UsageError: the name is none, or the file that stands there is no key of this name and type.
    """
    try:
        write_once(file, _text_of(name, kind, secrets.token_bytes(SEED_BYTES)))
    except OSError as error:
        raise OutsideError(f"The key file {file} cannot be written: {error.strerror}") from error
    made = load_key(file)
    if (made.name, made.kind) != (name, kind):
        raise UsageError(
            f"{file} already holds another key, of {made.name}",
            next_step="Choose another file; a key file is never overwritten.",
        )
    return made


def load_key(file: Path) -> KeyFile:
    """Read a key file.

    Raises:
        PathAbsent: there is none.
        OutsideError: it cannot be read.
        UsageError: others can read it, or it holds no key.
    """
    try:
        with file.open("rb") as opened:
            _check_alone(file, os.fstat(opened.fileno()))
            data = opened.read(KEY_FILE_BYTES_MAX + 1)
    except FileNotFoundError as error:
        raise PathAbsent(f"There is no key file {file}") from error
    except OSError as error:
        raise OutsideError(f"The key file {file} cannot be read: {error.strerror}") from error
    found = _parse(data)
    if found is None:
        raise UsageError(
            f"{file} holds no secret key in the form {_PREFIX}name+id+key",
            next_step="Name another file, or restore it from your copy; nothing was changed.",
        )
    return found


def need_alone(file: Path) -> None:
    """Refuse a secret file that others than its owner can use.

    Raises:
        OutsideError: it cannot be looked at.
        UsageError: others can use it, or it is no file.
    """
    try:
        _check_alone(file, file.stat())
    except OSError as error:
        raise OutsideError(f"The key file {file} cannot be read: {error.strerror}") from error


def _check_alone(file: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise UsageError(f"{file} is no file", next_step="Name a file that holds a secret key.")
    if found.st_mode & _OTHERS:
        raise UsageError(
            f"The key file {file} can be used by others than its owner, so it is not read.",
            next_step=f"Close it with `chmod 600 {file}`. If others may have read it, make a new "
            "key and distrust this one (docs/trust-bundle.md).",
        )


def write_once(file: Path, text: str) -> None:
    """Write a secret file that did not exist, whole or not at all; one that exists stays as it is.

    Its owner alone may read it. Of several processes at once one is first.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
            target.write(f"{text}\n")
            target.flush()
            os.fsync(target.fileno())
        with suppress(FileExistsError):
            file.hardlink_to(aside)
            _sync_folder(file.parent)
    finally:
        aside.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the new name in a folder durable."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _text_of(name: str, kind: KeyType, seed: bytes) -> str:
    identity = public_key(name, kind, MemorySecret.from_seed(seed)).key_id.hex()
    return f"{_PREFIX}{name}+{identity}+{base64.b64encode(bytes([kind]) + seed).decode()}"


def _parse(data: bytes) -> KeyFile | None:
    """The key of a file's bytes; None where they are anything but the one form."""
    try:
        text = data.decode()
        name, _, body = text.removesuffix("\n").removeprefix(_PREFIX).split("+", 2)
        raw = base64.b64decode(body, validate=True)
        kind, seed = KeyType(raw[0]), raw[1:]
        same = len(seed) == SEED_BYTES and text.removesuffix("\n") == _text_of(name, kind, seed)
    except (ValueError, IndexError, UsageError, binascii.Error):
        return None
    return KeyFile(name, kind, MemorySecret.from_seed(seed)) if same else None
