"""The folder of a publication: written only where bytes change, and cleared of what is gone.

``build.json`` tells of each file by which key it was made and what its bytes are. A file whose
maker takes long is made again only if its key is another, or if its bytes were changed.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from tumen.kernel.errors import OutsideError, SourceUnreadable, UsageError

MANIFEST: Final = "build.json"


class FolderForeign(UsageError):
    """The folder holds files that no build has written; nothing in it is touched."""

    code = "FOLDER_FOREIGN"
    title = "The folder holds something else."
    next_step = "Name a new or empty folder by --out."


@dataclass
class Folder:
    """A folder being built; ``close`` ends the build."""

    path: Path
    before: Mapping[str, Mapping[str, str]]
    now: dict[str, dict[str, str]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)

    def put(self, name: str, content: str | bytes, key: str = "") -> None:
        """Write a file, unless it has these bytes already."""
        data = content.encode() if isinstance(content, str) else content
        self.now[name] = {"key": key, "sha256": hashlib.sha256(data).hexdigest()}
        file = self.path / name
        if file.is_file() and file.read_bytes() == data:
            return
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        except OSError as error:
            raise OutsideError(f"{file} cannot be written: {error.strerror}.") from error
        self.written.append(name)

    def keep_or_make(
        self, names: tuple[str, ...], key: str, make: Callable[[], tuple[str | bytes, ...]]
    ) -> None:
        """Keep files that were made by this key, or make them."""
        if all(self._is_as_made(name, key) for name in names):
            self.now.update({name: dict(self.before[name]) for name in names})
            return
        self.made.extend(names)
        for name, content in zip(names, make(), strict=True):
            self.put(name, content, key)

    def text(self, name: str) -> str:
        """A file of the folder, as it now is."""
        return (self.path / name).read_text(encoding="utf-8")

    def close(self) -> list[str]:
        """Remove what an earlier build wrote and this one did not; name what was removed."""
        gone = sorted(self.before.keys() - self.now.keys())
        for name in gone:
            (self.path / name).unlink(missing_ok=True)
        self.put(MANIFEST, json.dumps(self.now, indent=1, sort_keys=True) + "\n")
        return gone

    def _is_as_made(self, name: str, key: str) -> bool:
        file, before = self.path / name, self.before.get(name)
        return (
            before is not None
            and before["key"] == key
            and file.is_file()
            and hashlib.sha256(file.read_bytes()).hexdigest() == before["sha256"]
        )


def open_folder(path: Path) -> Folder:
    """Open a new folder, or one that an earlier build has written.

    Raises:
        FolderForeign: it holds files and no list of a build.
        SourceUnreadable: the list of the earlier build cannot be read, or the folder not made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        manifest = path / MANIFEST
        if not manifest.is_file():
            if any(path.iterdir()):
                raise FolderForeign(f"{path} holds files, and no {MANIFEST}.")
            return Folder(path, {})
        return Folder(path, _earlier(manifest))
    except (OSError, msgspec.MsgspecError) as error:
        raise SourceUnreadable(f"{path}: {error}") from error


def _earlier(manifest: Path) -> dict[str, dict[str, str]]:
    """The files of the earlier build; a name that leads out of the folder is none of its own."""
    found = msgspec.json.decode(manifest.read_bytes(), type=dict[str, dict[str, str]])
    for name, made in found.items():
        leads_out = Path(name).is_absolute() or ".." in Path(name).parts
        if leads_out or made.keys() != {"key", "sha256"}:
            raise FolderForeign(f"{manifest} was not written by a build: it names {name!r}.")
    return found


def key_of(*parts: str) -> str:
    """One key of everything that decides a file's bytes.

    >>> key_of("a", "b") == key_of("ab", "")
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
