"""A proposal takes the place of the law on its days, for one run, or is refused as a whole."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.kernel.errors import UsageError
from tumen.law.native.reading import read
from tumen.law.native.shipment import Shipment
from tumen.law.parameters import IN_FORCE, history, law_version, parameters, value_at
from tumen.law.proposal import Proposal, proposal_of
from tumen.law.quoting import Books, quote
from tumen.law.reform import under_both
from tumen.law.samples import sample

LIMIT = "jp.deminimis.duty_limit"
DAY = date(2026, 8, 1)


def proposed(name: str, *values: str) -> Proposal:
    """The proposal of values such as ``from = 2026-01-01; value = 1``."""
    tables = [f"[[parameter.value]]\n{value.replace('; ', chr(10))}\n" for value in values]
    return proposal_of(f'[[parameter]]\nname = "{name}"\n{"".join(tables)}')


def values_of(proposal: Proposal, name: str) -> list[tuple[date, date | None, object]]:
    with proposal.overlay.tried():
        return [
            (each.first, each.last, each.value)
            for each in history(name)
            if each.evidence in IN_FORCE
        ]


def shipment(**changes: object) -> Shipment:
    told, faults = read({**sample()[1], **changes})
    assert told is not None, faults
    return told


def test_a_value_without_an_end_takes_all_days_from_its_first_on() -> None:
    trial = proposed("cn.cbec.single_limit", "from = 2018-06-01; value = 7")
    assert values_of(trial, "cn.cbec.single_limit") == [
        (date(2016, 4, 8), date(2018, 5, 31), 200_000),
        (date(2018, 6, 1), None, 7),
    ]


def test_a_value_with_an_end_leaves_the_days_before_and_after_as_they_are() -> None:
    trial = proposed("cn.cbec.single_limit", "from = 2018-06-01; to = 2019-06-30; value = 7")
    assert values_of(trial, "cn.cbec.single_limit") == [
        (date(2016, 4, 8), date(2018, 5, 31), 200_000),
        (date(2018, 6, 1), date(2019, 6, 30), 7),
        (date(2019, 7, 1), None, 500_000),
    ]


def test_a_value_within_another_parts_it_in_two() -> None:
    trial = proposed("cn.cbec.single_limit", "from = 2017-01-01; to = 2017-01-01; value = 7")
    assert [value for *_, value in values_of(trial, "cn.cbec.single_limit")] == [
        200_000, 7, 200_000, 500_000,
    ]  # fmt: skip


def test_a_value_may_fill_days_of_which_the_law_holds_none() -> None:
    trial = proposed("mn.minimum_wage", "from = 2026-01-01; value = 1_000_000_00")
    assert trial.values[0].replaced == ()
    with trial.overlay.tried():
        assert value_at("mn.minimum_wage", DAY).value == 100_000_000


def test_what_is_only_proposed_is_told_as_unverified_and_computed_with() -> None:
    trial = proposed(LIMIT, "from = 2026-01-01; value = 1")
    with trial.overlay.tried():
        answer = quote(sample()[1])
        value = value_at(LIMIT, DAY)
    assert (value.evidence, value.confidence, value.instrument) == ("unverified", 0, "proposal")
    told = [each for each in answer.warnings if each.code == "LAW_UNVERIFIED"]
    assert LIMIT in told[0].parameters["parameters"]
    assert answer.law_version == f"{law_version()}+{trial.overlay.version}"


def test_after_a_trial_the_law_answers_as_before() -> None:
    before = [quote(each) for each in sample()]
    trial = proposed(LIMIT, "from = 2026-01-01; value = 1")
    for each in sample():
        under_both(shipment_of(each), trial, Books())
    assert [quote(each) for each in sample()] == before


def shipment_of(native: dict[str, object]) -> Shipment:
    told, faults = read(native)
    assert told is not None, faults
    return told


def test_a_lower_limit_makes_a_shipment_pay_that_was_exempt() -> None:
    """Trousers of 9,000 yen: 5,400 for personal use; at 5,400 exempt, one yen below not."""
    at_limit, below = (
        proposed(LIMIT, f"from = 2026-01-01; value = {value}") for value in (5_400, 5_399)
    )
    before, after = under_both(shipment(), at_limit, Books())
    assert before == after
    assert before.status == "exempt"
    before, after = under_both(shipment(), below, Books())
    assert (before.total, after.status) == (0, "payable")


def test_a_proposal_holds_from_its_first_day_on_and_not_the_day_before() -> None:
    trial = proposed(LIMIT, "from = 2026-08-01; to = 2026-08-31; value = 1")
    changed = [
        one != other
        for day in ("2026-07-31", "2026-08-01", "2026-08-31", "2026-09-01")
        for one, other in [under_both(shipment(date=day), trial, Books())]
    ]
    assert changed == [False, True, True, False]


def test_a_parameter_that_no_answer_asked_for_is_told() -> None:
    trial = proposed("ru.rounding", 'from = 2026-01-01; value = "up"')
    under_both(shipment(), trial, Books())
    assert trial.unasked == ["ru.rounding"]
    trial = proposed(LIMIT, "from = 2026-01-01; value = 1")
    under_both(shipment(), trial, Books())
    assert trial.unasked == []


def test_a_table_by_value_can_be_proposed() -> None:
    table = "[{ to = 10, amount = 1 }, { amount = 2 }]"
    trial = proposed("ru.fee.brackets", f"from = 2026-01-01; value = {table}")
    shoes = next(each for each in sample() if each["items"][0]["hs"] == "6403999600")
    before, after = under_both(shipment_of(shoes), trial, Books())
    assert before.total is not None
    assert after.total is not None
    assert after.total < before.total


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("jp.deminimis.dutylimit", ["from = 2026-01-01; value = 1"], "but jp.deminimis.duty_limit"),
        (LIMIT, ['from = 2026-01-01; value = "many"'], "is no yen"),
        (LIMIT, ["from = 2026-01-01; value = -1"], "is no yen"),
        (LIMIT, ["from = 2026-01-01; value = true"], "is no yen"),
        (LIMIT, ["from = 2026-01-01; value = 1.5"], "cannot be read"),
        (LIMIT, ["from = 2026-01-01; value = [{ amount = 1 }]"], "a table by value and a single"),
        ("ru.fee.brackets", ["from = 2026-01-01; value = 1"], "a table by value and a single"),
        ("ru.fee.brackets", ["from = 2026-01-01; value = []"], "does not rise"),
        ("ru.rounding", ['from = 2026-01-01; value = "sideways"'], "is no rounding"),
        ("jp.deminimis.scope", ['from = 2026-01-01; value = "by_moonlight"'], "'by_moonlight'"),
        (LIMIT, ["value = 1"], "missing required field `from`"),
        (LIMIT, ["from = 2026-02-01; to = 2026-01-01; value = 1"], "before it begins"),
        (LIMIT, ["from = 2026-01-01; value = 1", "from = 2027-01-01; value = 2"], "overlap"),
        (LIMIT, ['from = 2026-01-01; value = 1; evidence = "unverified"'], "confidence"),
        (LIMIT, ["from = 2026-01-01; value = 1; colour = 2"], "unknown field `colour`"),
        (LIMIT, [], "missing required field `value`"),
    ],
)
def test_what_does_not_fit_the_law_is_refused(name: str, values: list[str], told: str) -> None:
    with pytest.raises(UsageError, match=told.replace("[", r"\[")):
        proposed(name, *values)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "missing required field `parameter`"),
        ("parameter = []", "names no parameter"),
        ("[[parameter", "cannot be read"),
        ("parameter = " + "[" * 5_000, "cannot be read"),
        (f'[[parameter]]\nname = "{LIMIT}"\nvalue = []', "has no value"),
        (f'[[parameter]]\nname = "{LIMIT}"\nunit = "won"\nvalue = []', "in yen, not in won"),
    ],
)
def test_a_text_that_is_no_proposal_is_refused(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        proposal_of(text)


def test_a_parameter_that_stands_twice_is_refused() -> None:
    one = f'[[parameter]]\nname = "{LIMIT}"\n[[parameter.value]]\nfrom = 2026-01-01\nvalue = 1\n'
    with pytest.raises(UsageError, match="stands twice"):
        proposal_of(one + one)


DAYS = st.dates(date(2014, 1, 1), date(2030, 1, 1))


@given(st.sampled_from(sorted(parameters())), DAYS, st.none() | st.integers(0, 4_000))
def test_whatever_is_proposed_every_day_has_the_law_or_the_proposal(
    name: str, first: date, length: int | None
) -> None:
    """On the days of the proposal its value, on all others what the law had, or had not."""
    known = parameters()[name]
    last = None if length is None else first + timedelta(days=length)
    if isinstance(known.values[0].value, tuple):
        return
    text = repr(known.values[0].value).replace("True", "true").replace("False", "false")
    end = "" if last is None else f"to = {last}; "
    trial = proposed(name, f"from = {first}; {end}value = {text}".replace("'", '"'))
    before = [each for each in history(name) if each.evidence in IN_FORCE]
    edges = [first, last or first, *(each.first for each in before)]
    edges += [each.last for each in before if each.last is not None]
    for day in {edge + timedelta(days=step) for edge in edges for step in (-1, 0, 1)}:
        found = [each for each in values_of(trial, name) if _covers(each, day)]
        assert len(found) <= 1
        if first <= day and (last is None or day <= last):
            assert found[0][2] == known.values[0].value
        else:
            assert [value for *_, value in found] == [e.value for e in before if e.covers(day)]


def _covers(value: tuple[date, date | None, object], day: date) -> bool:
    return value[0] <= day and (value[1] is None or day <= value[1])


def test_a_tax_of_the_whole_price_that_contains_it_is_unknown_not_a_failure() -> None:
    """The price that contains a tax of 100 % is something divided by nothing."""
    trial = proposed("cn.consumption_tax.spirits.rate", "from = 2026-01-01; value = 1_000_000")
    cream = next(each for each in sample() if each["destination"] == "CN")
    item = {**cream["items"][0], "hs": "2208300000", "volume_l": "0.7"}
    _, after = under_both(shipment_of({**cream, "items": [item]}), trial, Books())
    assert after.total is None
