"""The list of what is allowed to be over budget."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any


@cache
def listed() -> Mapping[str, Any]:
    text = Path(__file__).with_name("exceptions.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def exceptions(kind: str) -> dict[str, int]:
    """What a kind of exception allows, by path."""
    entries = listed().get(kind, [])
    for entry in entries:
        assert entry["reason"], f"{entry['path']}: an exception needs a reason"
        assert isinstance(entry["since"], date), f"{entry['path']}: an exception needs a day"
    return {entry["path"]: entry.get("most", 0) for entry in entries}


def over_budget(kind: str, sizes: Mapping[str, int], most: int) -> list[str]:
    """What is too large and not listed, and what is listed but no longer needs it."""
    allowed = exceptions(kind)
    large = {path: size for path, size in sizes.items() if size > most}
    complaints = [
        f"{path} has {size}, at most {max(most, allowed.get(path, 0))} are allowed"
        for path, size in large.items()
        if size > allowed.get(path, 0)
    ]
    complaints += [
        f"{path} is listed with {limit} and needs {large.get(path, 'no exception')}"
        for path, limit in allowed.items()
        if limit > large.get(path, 0)
    ]
    return complaints
