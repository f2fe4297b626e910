"""The made-up shipments that come along: the law of two days, or a proposal, is tried on them."""

import json
from functools import cache
from typing import Any, Final

from tumen.law.parameters import SAMPLES

FILE: Final = SAMPLES / "shipments.ndjson"


@cache
def sample() -> tuple[dict[str, Any], ...]:
    """The shipments in the native form; each states its exchange rates.

    >>> sample()[0]["destination"], sample()[0]["items"][0]["description"]
    ('JP', 'made-up cotton T-shirts')
    """
    return tuple(json.loads(line) for line in FILE.read_text("utf-8").splitlines())
