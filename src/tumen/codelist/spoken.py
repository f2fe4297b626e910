"""What codes say in words: those of a document's violations, and those of the law's remarks."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from string import Formatter
from typing import Any, Final

from tumen.codelist.terms import worded
from tumen.codelist.violations import Layer, Violation, violation

SENTENCES_CACHED_MAX: Final = 8_192
"""Sentences that are kept in their parts; the catalogue has fewer in all languages."""

WHOLE: Final = "the document"
CONCEALED: Final = "not shown"
NOT_KNOWN: Final = "not known"
"""What stands in a sentence where a violation names no field, no value, or nothing expected."""

STAND_INS: Final = (WHOLE, CONCEALED, NOT_KNOWN)

ABSENT: Final = "…"
"""Stands in a place for which a remark has no value."""


def messages(remark: Mapping[str, Any], say: Callable[[str], str] = str) -> dict[str, str]:
    """Message and fix of a remark: a table with code, path and parameters.

    Args:
        remark: the remark.
        say: translates a sentence of the catalogue; by default it stays English.
    """
    entry = violation(remark["code"])
    values = {"path": remark["path"], **remark["parameters"]}
    return {"message": _filled(say(entry.message), values), "fix": _filled(say(entry.fix), values)}


def _filled(sentence: str, values: Mapping[str, object]) -> str:
    """A sentence with values in its places."""
    return "".join(
        text if name is None else f"{text}{values.get(name, ABSENT)}"
        for text, name in _parts(sentence)
    )


@lru_cache(maxsize=SENTENCES_CACHED_MAX)
def _parts(sentence: str) -> tuple[tuple[str, str | None], ...]:
    """The texts of a sentence, each with the name of the place behind it; None where none is.

    >>> _parts("from {path} on")
    (('from ', 'path'), (' on', None))
    """
    return tuple((text, name) for text, name, _, _ in Formatter().parse(sentence))


def with_messages(answer: Mapping[str, Any], say: Callable[[str], str] = str) -> dict[str, Any]:
    """A quote's answer with the message and the fix of every remark.

    Args:
        answer: what the law answered, as plain tables.
        say: translates a sentence of the catalogue; by default it stays English.
    """
    plain = dict(answer)
    for name in ("warnings", "violations"):
        plain[name] = [{**each, **messages(each, say)} for each in plain[name]]
    plain["considered"] = [
        {**line, "reasons": [{**each, **messages(each, say)} for each in line["reasons"]]}
        for line in plain["considered"]
    ]
    return plain


def explained(
    code: str,
    path: str | None,
    value: str | None,
    expected: str | None,
    say: Callable[[str], str] = str,
) -> tuple[str, str]:
    """Message and fix of a violation, with its particulars in place."""
    entry = violation(code)
    particulars = {
        "path": path or say(WHOLE),
        "value": say(CONCEALED) if value is None else worded(code, value, say),
        "expected": say(_absent(entry)) if expected is None else worded(code, expected, say),
    }
    return say(entry.message).format_map(particulars), say(entry.fix).format_map(particulars)


def _absent(entry: Violation) -> str:
    """What stands where nothing expected is told: what papers are compared with is known."""
    return CONCEALED if entry.layer is Layer.MATCH else NOT_KNOWN
