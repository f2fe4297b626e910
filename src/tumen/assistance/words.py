"""What somebody writes to the help desk, without what nobody sees.

A text is shown to others on a page. So characters that turn the writing around or are not seen are
taken out, letters that can be written in two ways are written in one, and no line is endless.
"""

import re
import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_LINES: Final = re.compile(r"\n{3,}")
_BLANKS: Final = re.compile(r"[^\S\n]+")


def cleaned(text: str) -> str:
    r"""A text as it is kept.

    >>> cleaned("a\u202etxt.exe\r\n\r\n\r\n\r\nb \t c\u200b")
    'atxt.exe\n\nb c'
    """
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    blank = lines.replace("\t", " ")
    seen = "".join(each for each in blank if each == "\n" or _is_seen(each))
    return _LINES.sub("\n\n", _BLANKS.sub(" ", seen)).strip()


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN
