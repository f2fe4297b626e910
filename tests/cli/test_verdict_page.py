"""Every finding has plain words, and the picture is the one that the tool draws."""

import re
from pathlib import Path

from draw_proof import drawing

from tumen.cli.verdict_page import sentence
from tumen.codelist.verdict_words import WORDS, time_text
from tumen.trust.verdict import Finding, State

ROOT = Path(__file__).parents[2]


def test_every_finding_of_the_verifier_has_plain_words():
    code = "".join(
        (ROOT / "src/tumen/trust" / name).read_text() for name in ("verifier.py", "witnessing.py")
    )
    made = set(re.findall(r'Finding\(\s*"([A-Z_]+)"', code))
    assert "LEAF_IN_TREE" in made
    assert made <= set(WORDS)


def test_a_refusal_without_words_of_its_own_tells_its_message():
    assert (
        sentence(Finding("PROOF_MALFORMED", State.FAILED, {"message": "so it is"})) == "so it is."
    )


def test_a_time_beyond_the_calendar_is_told_as_its_second():
    assert time_text(0) == "1970-01-01 00:00:00 UTC"
    assert time_text((1 << 63) - 1) == f"second {(1 << 63) - 1}"


def test_the_picture_is_the_one_that_the_tool_draws():
    assert (ROOT / "docs/what-a-receipt-proves.svg").read_text(encoding="utf-8") == drawing()
