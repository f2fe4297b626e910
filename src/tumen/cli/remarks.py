"""What the codes of the law's remarks say in words."""

from collections.abc import Mapping
from string import Formatter
from typing import Any

from tumen.codelist.violations import violation


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
