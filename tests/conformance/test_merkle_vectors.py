"""The 98 published inclusion proofs of RFC 6962, good and bad, are judged as they must be.

Our own table of them runs everywhere; the published files run where they lie.
"""

import json
from pathlib import Path

import pytest
from build_merkle_vectors import cases

from tumen.trust.merkle import VerificationError, verify_inclusion

TABLE = json.loads(Path(__file__).with_name("data").joinpath("merkle_inclusion.json").read_bytes())
PUBLISHED = Path(__file__).parents[2] / "../shared/conformance/merkle/inclusion"
PUBLISHED_COUNT = 98


def is_refused(index, size, leaf_hash, root, proof):
    arguments = [bytes.fromhex(each) for each in proof]
    try:
        verify_inclusion(bytes.fromhex(leaf_hash), index, size, arguments, bytes.fromhex(root))
    except VerificationError:
        return True
    return False


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case[0])
def test_an_inclusion_proof_is_judged_as_published(case):
    name, *arguments, must_be_refused = case
    assert is_refused(*arguments) is must_be_refused, name


def test_the_table_holds_every_published_case_as_it_is():
    if not PUBLISHED.exists():
        pytest.skip("the published vectors are not here: ../shared/conformance/merkle is absent")
    assert list(cases(PUBLISHED)) == TABLE["cases"]


def test_the_table_has_good_and_bad_cases_enough():
    assert len(TABLE["cases"]) == PUBLISHED_COUNT
    assert {case[-1] for case in TABLE["cases"]} == {True, False}
