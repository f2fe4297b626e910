"""The made-up shipments can be read, say that they are made up, and bring their own rates."""

from collections import Counter

import pytest

from tumen.codelist.currencies import CURRENCY_OF
from tumen.law.native.reading import read
from tumen.law.quoting import quote
from tumen.law.regimes import STATUTORY_CURRENCIES
from tumen.law.samples import sample


def test_there_are_shipments_to_each_of_the_five_economies() -> None:
    counts = Counter(each["destination"] for each in sample())
    assert set(counts) == set(CURRENCY_OF)
    assert min(counts.values()) >= 8
    assert 30 <= len(sample()) <= 60


def test_each_can_be_read_and_is_labelled_as_made_up() -> None:
    for each in sample():
        assert read(each)[1] == ()
        assert all(item["description"].startswith("made-up ") for item in each["items"])


def test_each_states_every_rate_so_that_only_the_law_differs() -> None:
    for each in sample():
        needed = {each["currency"], *STATUTORY_CURRENCIES[each["destination"]]}
        assert needed - {CURRENCY_OF[each["destination"]]} <= set(each.get("exchange_rates", {}))
        assert all(rate.source == "given" for rate in quote(each).exchange_rates)


def test_they_are_of_many_chapters_and_none_names_a_code_that_does_not_exist() -> None:
    chapters = {item["hs"][:2] for each in sample() for item in each["items"]}
    assert len(chapters) >= 10
    assert not [
        remark for each in sample() for remark in quote(each).violations
        if remark.code in {"HS_CODE_UNKNOWN", "HS_LENGTH_WRONG"}
    ]  # fmt: skip


TURNS = [
    ("CN", "2019-04-08", "2019-04-09"),  # articles: 25 % becomes 20 %
    ("CN", "2024-11-30", "2024-12-01"),  # articles: 1,000 CNY become 2,000
    ("KR", "2022-11-16", "2022-11-17"),  # parcels that arrive together are added up no more
    ("RU", "2026-06-30", "2026-07-01"),  # goods of e-commerce
    ("JP", "2019-09-30", "2019-10-01"),  # consumption tax of 7.8 %
    ("MN", "2025-03-31", "2025-04-01"),  # the minimum wage
]


@pytest.mark.parametrize(("economy", "before", "after"), TURNS)
def test_a_turn_of_the_law_that_people_know_of_meets_one_of_them(
    economy: str, before: str, after: str
) -> None:
    def told(day: str) -> list[tuple[str | None, str | None]]:
        those = [each for each in sample() if each["destination"] == economy]
        answers = [quote({**each, "date": day}) for each in those]
        return [(each.regime, each.total) for each in answers]

    assert told(before) != told(after)
