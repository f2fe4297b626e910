"""What the codes of the law's remarks say in words."""

from collections.abc import Mapping
from string import Formatter
from typing import Any

from tumen.codelist.violations import violation
from tumen.law.answer import Answer


class _Lenient(Formatter):
    """Leaves a place empty for which a remark has no value."""

    def get_value(self, key: Any, args: Any, kwargs: Any) -> Any:
        """The value of a place, or an ellipsis."""
        return kwargs.get(key, "…")


def messages(remark: Mapping[str, Any]) -> dict[str, str]:
    """Message and fix of a remark: a table with code, path and parameters."""
    entry = violation(remark["code"])
    values = {"path": remark["path"], **remark["parameters"]}
    fill = _Lenient().format
    return {"message": fill(entry.message, **values), "fix": fill(entry.fix, **values)}


def with_messages(answer: Answer) -> dict[str, Any]:
    """The answer with the message and the fix of every remark."""
    plain = answer.to_dict()
    for name in ("warnings", "violations"):
        plain[name] = [{**each, **messages(each)} for each in plain[name]]
    for line in plain["considered"]:
        line["reasons"] = [{**each, **messages(each)} for each in line["reasons"]]
    return plain
