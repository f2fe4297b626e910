"""The worked cases that others published come out as they should, and every trap is told."""

import json
from pathlib import Path

import pytest

from tumen.law.cases import Case, cases, computed

SHARED_CASES = Path(__file__).parents[2] / "../shared/cases/law_cases.json"


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_published_case_is_computed_as_expected(case: Case) -> None:
    assert computed(case) == case.expected


def test_each_trap_says_why_its_source_is_not_followed() -> None:
    traps = [each for each in cases() if each.kind == "trap"]
    assert len(traps) > 5
    assert all(each.note for each in traps)
    silent = [each.id for each in cases() if each.shipment is None]
    assert silent == ["JP-06"]


def test_every_case_of_the_shared_file_is_held() -> None:
    if not SHARED_CASES.exists():
        pytest.skip("the folder ../shared is absent: the case file is not compared")
    shared = {each["id"] for each in json.loads(SHARED_CASES.read_text("utf-8"))}
    held = [each.id for each in cases()]
    assert len(held) == len(set(held))
    assert {name for name in shared if not any(each.startswith(name) for each in held)} == set()
