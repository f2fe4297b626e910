"""What a coded remark says in the reader's language, or in English where nobody translated it."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from tumen.codelist.terms import worded
from tumen.codelist.violations import violation
from tumen.web.locale.catalogue import VIOLATIONS, catalogue, is_translated
from tumen.web.locale.languages import ENGLISH
from tumen.web.problem import Kind


class _Lenient(Formatter):
    """Leaves an ellipsis in a place for which a remark has no value."""

    def get_value(self, key: Any, args: Any, kwargs: Any) -> Any:
        """The value of a place, or an ellipsis."""
        return kwargs.get(key) or "…"


@dataclass(frozen=True, slots=True)
class Told:
    """A remark in words.

    Attributes:
        code: its code, under which the help desk has a page.
        path: the field that it is about; empty for the whole document.
        message: what is wrong.
        fix: what mends it.
        language: of message and fix.
        is_rejecting: whether it refuses the document.
    """

    code: str
    path: str
    message: str
    fix: str
    language: str
    is_rejecting: bool


def of_problem(language: str, code: str, kind: Kind) -> Told:
    """A problem of the service in the words of a language."""
    translate = catalogue(language).gettext
    return Told(code, "", translate(kind.title), translate(kind.next_step), language, True)


def told(
    language: str, code: str, path: str | None = None, values: Mapping[str, Any] | None = None
) -> Told:
    """A remark in the words of a language; without values with an ellipsis in their places."""
    entry = violation(code)
    is_whole = all(is_translated(language, text, VIOLATIONS) for text in (entry.message, entry.fix))
    spoken = language if is_whole else ENGLISH
    translate = catalogue(spoken, VIOLATIONS).gettext
    spelled = {
        name: worded(code, value, translate) if isinstance(value, str) else value
        for name, value in (values or {}).items()
    }
    fill, places = _Lenient().format, {"path": path, **spelled}
    message, fix = (fill(translate(text), **places) for text in (entry.message, entry.fix))
    return Told(code, path or "", message, fix, spoken, entry.severity == "error")
