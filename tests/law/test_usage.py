"""What the code names is alive; what no code names is dead."""

from pathlib import Path

import pytest

from tumen.law.usage import READINGS_MAX, usage

CODE = '''
"""A docstring may say jp.named.in_docstring."""
from package.tables import TABLE

PREFIX = "kr.simplified"
WHOLE = "jp.deminimis.duty_limit"


def of(country, tax, value):
    """Nor is "jp.named.in_docstring" here any use."""
    value(f"jp.mfn.{country}")
    value(PREFIX + ".rate")
    value(f"{TABLE}.limit")
    word = "high" if country in ("CN", "KR") else country
    value(f"mn.duty.{word}.rate")
    line = f"cn.consumption_tax.{tax}"
    value(f"{line}.unit_{country}")
    value(f"{tax}.threshold")
    value("kr.rural_tax.bags")
'''
TABLES = '''
"""Names of tables."""
TABLE = "jp.simplified"
'''


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "__init__.py").write_text("", "utf-8")
    (folder / "code.py").write_text(CODE, "utf-8")
    (folder / "tables.py").write_text(TABLES, "utf-8")
    return folder


@pytest.mark.parametrize(
    "name",
    [
        "jp.deminimis.duty_limit",
        "jp.mfn.kr",
        "kr.simplified.rate",
        "jp.simplified.limit",
        "mn.duty.high.rate",
        "mn.duty.flour.rate",
        "cn.consumption_tax.beer.unit_kr",
        "kr.rural_tax.bags.threshold",
    ],
)
def test_a_name_that_the_code_puts_together_is_alive(package: Path, name: str) -> None:
    assert usage(package, {"flour", "beer"}).names(name)


@pytest.mark.parametrize(
    "name",
    [
        "jp.named.in_docstring",
        "jp.deminimis.gift_limit",
        "jp.mfn.us",  # no code and no class knows the word
        "jp.simplified.choice",
        "mn.duty.flour.rate",  # the class flour is not in the data
        "kr.individual_consumption_tax.bags.threshold",  # nothing names what stands before it
    ],
)
def test_a_name_that_no_code_puts_together_is_dead(package: Path, name: str) -> None:
    assert not usage(package, {"beer"}).names(name)


def test_a_text_that_reads_in_too_many_ways_names_all_of_them(package: Path) -> None:
    many = " if x else ".join(f'"w{number}"' for number in range(READINGS_MAX + 1))
    text = f'"""Many words."""\ndef of(x):\n    word = {many}\n    x(f"ru.gsp.{{word}}")\n'
    (package / "many.py").write_text(text, "utf-8")
    code = usage(package)
    assert code.names(f"ru.gsp.w{READINGS_MAX}")
    assert not code.names("ru.gsp.other")
