"""Texts on their way through the writer of messages, which breaks on quotes and backslashes.

pysdmx 1.10 writes attributes as Python literals and turns every apostrophe into a quote. A text
goes in with a word for each such sign, and the message comes out with the entity for each word.
"""

import re
from typing import Final

WORDS: Final = {
    "'": ("[[apos]]", "&apos;"),
    '"': ("[[quot]]", "&quot;"),
    "\\": ("[[back]]", "\\"),
}
EMPTY: Final = re.compile(r' [A-Z_]+=""')
BLANKS: Final = re.compile(r"\s+")


def protected(text: str) -> str:
    """A text that the writer leaves as it is; line breaks become spaces."""
    for sign, (word, _) in WORDS.items():
        text = text.replace(sign, word)
    return BLANKS.sub(" ", text).strip()


def restored(message: str) -> str:
    """The message with the texts as they were, and without attributes that say nothing."""
    message = EMPTY.sub("", message)
    for word, entity in WORDS.values():
        message = message.replace(word, entity)
    return message
