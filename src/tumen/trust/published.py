"""What a log has published, read back from its folder as a monitor would read it."""

from dataclasses import dataclass

from tumen.kernel.errors import LogDamaged, VerificationError
from tumen.trust import note
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.folder import Folder
from tumen.trust.note import VerifierKey
from tumen.trust.tiles import CHECKPOINT, TileName, read_entry_bundle, read_hash_tile


def head_of(signed: bytes) -> Checkpoint:
    """The checkpoint that a signed note is about; its signatures are another matter.

    Raises:
        VerificationError: the bytes are no note, or none about a checkpoint.
    """
    return Checkpoint.parse(note.parse(signed).text)


def is_signed_by(signed: bytes, key: str) -> bool:
    """Whether a signed note has a signature of a key, given as ``name+id+base64``."""
    try:
        return bool(note.parse(signed).verified_by([VerifierKey.parse(key)]))
    except VerificationError:
        return False


@dataclass(frozen=True, slots=True)
class PublishedLog:
    """The files of a log."""

    folder: Folder

    def signed(self) -> bytes | None:
        """The checkpoint with its signatures, as it is published; None where nothing is yet."""
        return self.folder.read(CHECKPOINT)

    def head(self) -> Checkpoint | None:
        """The published checkpoint; None where nothing is published yet.

        Raises:
            LogDamaged: there is one, and it cannot be read.
        """
        signed = self.signed()
        try:
            return None if signed is None else head_of(signed)
        except VerificationError as error:
            raise LogDamaged(
                f"the published checkpoint cannot be read: {error}",
                next_step="Put a copy of it back (a witness has one). Do not remove it without"
                " need: it keeps this log from going back.",
            ) from error

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The first hashes of a tile: of its own file, or of the full tile it became.

        Raises:
            VerificationError: there is none (``TILE_ABSENT``), or it has another length.
        """
        return read_hash_tile(*self._file(TileName(level, index, width)))[: width * 32]

    def entries(self, index: int, width: int) -> list[bytes]:
        """The first entries of a bundle, likewise.

        Raises:
            VerificationError: there is none (``TILE_ABSENT``), or it is malformed.
        """
        return read_entry_bundle(*self._file(TileName(None, index, width)))[:width]

    def _file(self, name: TileName) -> tuple[bytes, int]:
        """The bytes of a file, and how many hashes or entries it must have."""
        for each in (name, TileName(name.level, name.index)):
            data = self.folder.read(each.path)
            if data is not None:
                return data, each.width
        raise VerificationError("TILE_ABSENT", f"{name.path} is not published")
