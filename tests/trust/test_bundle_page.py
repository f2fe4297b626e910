"""The bundle printed in the documentation is one, and is what the code makes."""

import re
from pathlib import Path
from typing import Final

from bundles import bundle, fingerprints, member_key, signer

from tumen.trust.bundle import parse, pinned
from tumen.trust.bundle_issue import described, issued
from tumen.trust.bundle_model import Member, Policy, Role

PAGE: Final = Path(__file__).parents[2] / "docs/trust-bundle.md"


def test_the_example_of_the_documentation_is_what_the_code_makes() -> None:
    text = PAGE.read_text()
    keys = tuple(member_key("MN", role) for role in Role)
    members = (Member("MN", "Гааль · Customs of Mongolia", keys),)
    made = bundle(members=members, policies=(Policy("any", ("MN",), 1, 0),))
    data = issued(made, [signer("MN")])
    assert f"```\n{data.decode()}```" in text
    told = fingerprints(made, "MN")
    assert f"`{told[0]}`" in text
    assert pinned(parse(data), told) == made


def test_the_description_of_the_documentation_is_understood() -> None:
    found = re.search(r"^```toml\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    assert found is not None
    text = found[1].replace("customs.example.mn/bundle+…", signer("MN").verifier_key)
    text = text.replace('["CN", "JP", "KR", "MN", "RU"]\nk = 4\nf = 2', '["MN"]\nk = 1\nf = 0')
    made = described(text, bundle().issued_on, None)
    assert [each.economy for each in made.members] == ["MN"]
