"""What codes say in words: those of a document's violations, and those of the law's remarks."""

from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any, Final

from tumen.codelist.terms import worded
from tumen.codelist.violations import Layer, Violation, violation

WHOLE: Final = "the document"
CONCEALED: Final = "not shown"
NOT_KNOWN: Final = "not known"
"""What stands in a sentence where a violation names no field, no value, or nothing expected."""

STAND_INS: Final = (WHOLE, CONCEALED, NOT_KNOWN)


class _Lenient(Formatter):
    """Leaves a place empty for which a remark has no value."""

    def get_value(self, key: Any, args: Any, kwargs: Any) -> Any:
        """The value of a place, or an ellipsis."""
        return kwargs.get(key, "…")


def messages(remark: Mapping[str, Any], say: Callable[[str], str] = str) -> dict[str, str]:
    """Message and fix of a remark: a table with code, path and parameters.

    Args:
        remark: the remark.
        say: translates a sentence of the catalogue; by default it stays English.
    """
    entry = violation(remark["code"])
    values = {"path": remark["path"], **remark["parameters"]}
    fill = _Lenient().format
    return {"message": fill(say(entry.message), **values), "fix": fill(say(entry.fix), **values)}


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
