"""The plan of a publication: how tables are laid out, what is drawn, and which pages there are.

It stands beside the study file as ``publication.toml`` and holds no result: a number in a page's
text is an expression, a finding is named by its claim. A study without a plan is published, too:
every dataset as a list of its cells, the audit, and no picture.
"""

import re
import tomllib
from pathlib import Path
from typing import Final

import msgspec

from tumen.observatory.dataset import text_of
from tumen.observatory.errors import StudyError
from tumen.observatory.publication.plan_faults import PLAIN, faults
from tumen.observatory.publication.plan_model import Plan
from tumen.observatory.study import Study

PLAN_FILE: Final = "publication.toml"

_PLACE: Final = re.compile(r"\$\.(\w+)(?:\[(\d+)\])?")
_HEADER: Final = re.compile(r"^\s*\[\[?(\w+)\]\]?", re.MULTILINE)


def read_plan(path: Path, study: Study) -> Plan:
    """Read the plan of a study; a study without one gets an empty plan.

    Raises:
        StudyError: it is no TOML, not of this form, or names what is not there; the error names
            the line of its table.
    """
    _names_are_plain(study)
    if not path.is_file():
        return Plan()
    text = text_of(path)
    try:
        plan = msgspec.convert(tomllib.loads(text), Plan)
    except tomllib.TOMLDecodeError as error:
        raise StudyError("PLAN_SYNTAX", f"It is no TOML: {error}.", file=path.name) from error
    except msgspec.ValidationError as error:
        message = f"{error}."
        raise StudyError("PLAN_WRONG", message, file=path.name, line=_line(text, message)) from None
    for place, code, message in faults(plan, study):
        raise StudyError(code, message, file=path.name, line=_line(text, place))
    return plan


def _names_are_plain(study: Study) -> None:
    """A dataset's name becomes the name of files: it must be one."""
    for name in study.titles:
        if PLAIN.fullmatch(name) is None:
            message = f"A dataset that is published has a name of letters and digits, not {name!r}."
            raise StudyError("NAME_WRONG", message, file=study.file.name)


def _line(text: str, message: str) -> int:
    """The line on which the table begins that an error speaks of."""
    place = _PLACE.search(message)
    if place is None:
        return 1
    index = int(place[2] or 0)
    starts = [found.start(1) for found in _HEADER.finditer(text) if found[1] == place[1]]
    return text.count("\n", 0, starts[index]) + 1 if index < len(starts) else 1
