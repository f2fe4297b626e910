"""Which language a reader gets: the one chosen by hand, else the browser's, else English."""

import re
from collections.abc import Mapping
from typing import Final

ENGLISH: Final = "en"
LANGUAGES: Final[Mapping[str, str]] = {
    ENGLISH: "English",
    "zh": "中文",
    "ru": "Русский",
    "ja": "日本語",
    "ko": "한국어",
    "mn": "Монгол",
}
"""The languages by their codes, each named in itself."""

ACCEPTED_MAX: Final = 20
"""Languages of a browser's wish that are looked at; it names a handful."""

_WISH: Final = re.compile(
    r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q\s*=\s*([0-9.]{1,5}))?\s*"
)


def chosen(by_hand: str | None, accepted: str | None) -> str:
    """The language of a reader.

    Args:
        by_hand: what the reader chose on a page before; anything else is no choice.
        accepted: the browser's ``Accept-Language``.

    >>> chosen(None, "uk, ru-RU;q=0.8, en;q=0.9")
    'en'
    >>> chosen("ko", "zh-CN"), chosen("xx", "zh-CN"), chosen(None, None)
    ('ko', 'zh', 'en')
    """
    if by_hand is not None and by_hand in LANGUAGES:
        return by_hand
    wishes = [wish for text in (accepted or "").split(",")[:ACCEPTED_MAX] if (wish := _wish(text))]
    return max(wishes, default=(0.0, ENGLISH), key=lambda wish: wish[0])[1]


def _wish(text: str) -> tuple[float, str] | None:
    """How much a browser wishes a language that is there; None for any other."""
    found = _WISH.fullmatch(text)
    if found is None or found[1].lower() not in LANGUAGES:
        return None
    try:
        return float(found[2] or 1), found[1].lower()
    except ValueError:
        return None
