"""The catalogue of violations is complete and agrees with the official table."""

import csv
import string
from pathlib import Path

import pytest

from tumen.codelist.violation_table import lookup
from tumen.codelist.violations import (
    GENERAL_CEB_CODE,
    all_violations,
    ceb_code,
    ceb_texts,
    is_rejecting,
    violation,
    warning_codes,
)

DERIVED = Path(__file__).parents[2] / "../shared/conformance/ceb/derived"
ENTRIES = {entry.code: entry for entry in all_violations()}


@pytest.mark.parametrize("code", ENTRIES)
def test_every_code_says_what_is_wrong_and_what_mends_it(code):
    entry = ENTRIES[code]
    assert code == code.upper()
    assert entry.message.endswith(".")
    assert entry.fix.endswith(".")


@pytest.mark.parametrize("code", ENTRIES)
def test_every_message_uses_only_the_known_placeholders(code):
    named = {
        name
        for text in (ENTRIES[code].message, ENTRIES[code].fix)
        for _, name, _, _ in string.Formatter().parse(text)
        if name is not None
    }
    of_the_law = {"parameters", "edition"} if ENTRIES[code].layer == "law" else set()
    assert named <= {"path", "value", "expected"} | of_the_law


@pytest.mark.parametrize("code", ENTRIES)
def test_every_ceb_code_of_a_violation_is_official(code):
    for kind, number in ENTRIES[code].ceb.items():
        assert kind in GENERAL_CEB_CODE
        assert number in ceb_texts()


def test_every_general_ceb_code_is_official():
    assert set(GENERAL_CEB_CODE.values()) <= set(ceb_texts())


def test_a_warning_never_rejects():
    assert not any(is_rejecting(code) for code in warning_codes())
    assert "HS_LINE_UNVERIFIED" in warning_codes()


def test_a_business_violation_falls_back_to_the_general_code_of_its_kind():
    assert ceb_code("CURRENCY_UNSUPPORTED", "waybill") == -504011


def test_a_failed_comparison_has_no_code_of_its_own():
    assert ceb_code("MATCH_AMOUNT", "declaration") is None


def test_a_document_of_unknown_kind_gets_a_status_below_zero():
    assert (ceb_code("DATE_INVALID", None) or 0) < 0


def test_an_unknown_code_is_a_bug():
    with pytest.raises(KeyError):
        violation("NO_SUCH_CODE")


def test_the_lookup_has_a_line_for_each_code_and_kind():
    assert lookup().height == len(ENTRIES) * len(GENERAL_CEB_CODE)
    assert lookup().select("code", "kind").is_duplicated().sum() == 0


def test_our_table_of_ceb_errors_agrees_with_the_official_one():
    path = DERIVED / "ceb202205_error_codes.csv"
    if not path.exists():
        pytest.skip("the derived table is not here: ../shared/conformance/ceb/derived is absent")
    with path.open(encoding="utf-8") as file:
        official = {int(row["code"]) for row in csv.DictReader(file)}
    assert set(ceb_texts()) == official


def test_no_text_for_receipts_has_an_empty_place():
    assert not [text for text in ceb_texts().values() if "*" in text or "[" in text or not text]
