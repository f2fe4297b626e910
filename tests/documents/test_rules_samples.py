"""The official samples are dirty on purpose; the rules find what is known to be wrong in them."""

from pathlib import Path

import pytest

from tumen.documents.check import judge
from tumen.documents.formats import ceb, sources
from tumen.documents.rules import KnownCodes, check

SAMPLES = Path(__file__).parents[2] / "../shared/conformance/ceb/samples_import"

WRONG = {
    311: {"LINE_TOTAL_MISMATCH", "IDENTITY_NUMBER_INVALID"},
    411: {"IDENTITY_NUMBER_INVALID"},
    511: {"PACKAGE_COUNT_NOT_ONE"},
    621: {
        "PACKAGE_COUNT_NOT_ONE",
        "GUARANTOR_NOT_A_PARTY",
        "LINE_TOTAL_MISMATCH",
        "HS_CODE_UNKNOWN",
        "IDENTITY_NUMBER_INVALID",
        "ENTERPRISE_CODE_INVALID",
    },
    623: {"IDENTITY_NUMBER_INVALID"},
    625: {"HS_CODE_UNKNOWN"},
}


@pytest.mark.parametrize("number", WRONG)
def test_the_faults_of_an_official_sample_are_found_in_every_document(number):
    path = SAMPLES / f"CEB{number}Message.xml"
    if not path.exists():
        pytest.skip("the official samples are not here: ../shared/conformance/ceb is absent")
    for texts in ceb.read(sources.find([path])[0]):
        batch = check(judge(texts), KnownCodes(frozenset()))
        told = batch.violations.group_by("row").agg("code")
        assert told.height == batch.rows.height
        assert all(set(codes) == WRONG[number] for codes in told["code"])
