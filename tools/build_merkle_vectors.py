"""Builds our table of RFC 6962 inclusion proofs from a folder of published vectors.

Usage: ``build_merkle_vectors.py FOLDER TARGET``. The folder holds one JSON file for each case
(transparency-dev/merkle, ``testdata/inclusion``); the table holds all of them, one line each.
"""

import json
import sys
from base64 import b64decode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

SOURCE: Final = {
    "source": "transparency-dev/merkle at 417fb0c3, testdata/inclusion, re-encoded",
    "licence": "Apache-2.0",
    "columns": ["case", "index", "size", "leaf_hash", "root", "proof", "is_refused"],
}


def case_of(name: str, told: Mapping[str, Any]) -> list[object]:
    """A published case as a line of our table; hashes in hexadecimal."""
    proof = [b64decode(each).hex() for each in told["proof"] or ()]
    leaf, root = (b64decode(told[field] or "").hex() for field in ("leafHash", "root"))
    return [name, told["leafIdx"], told["treeSize"], leaf, root, proof, told["wantErr"]]


def cases(folder: Path) -> Iterator[list[object]]:
    """All cases of the folder, by name."""
    for path in sorted(folder.rglob("*.json")):
        name = path.relative_to(folder).with_suffix("").as_posix()
        yield case_of(name, json.loads(path.read_bytes()))


def main(folder: Path, target: Path) -> None:
    """Write the table."""
    head = json.dumps(SOURCE)[:-1]
    lines = ",\n".join(json.dumps(case) for case in cases(folder))
    target.write_text(f'{head}, "cases": [\n{lines}\n]}}\n', encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
