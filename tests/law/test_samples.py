"""The made-up shipments can be read, say that they are made up, and bring their own rates."""

from collections import Counter

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
