"""The peer computes the same rule, and the bench would tell if it did not."""

from datetime import date, timedelta

import polars as pl
import pytest
from verdict import WrongResult

from tumen.law.parameters import history

pytest.importorskip("openfisca_core", reason="OpenFisca-core, of the dev dependencies, is absent")

from peers import side_by_side, whole_run
from peers.openfisca_cbec import ConsumptionTaxClass, parameters, system
from peers.table import FIRST, SCALE_E5, table

FLOAT32_EXACT_MAX = 2**24
PPM = 1_000_000
SPAN = (FIRST, FIRST + timedelta(days=364))
SAME = {
    "cbec.single_limit": ("cn.cbec.single_limit", 1),
    "cbec.annual_limit": ("cn.cbec.annual_limit", 1),
    "cbec.duty_rate": ("cn.cbec.duty_rate", PPM),
    "cbec.vat_factor": ("cn.cbec.vat_factor", 100),
    "cbec.consumption_tax_factor": ("cn.cbec.consumption_tax_factor", 100),
    "cbec.over_single_counts_to_annual": ("cn.cbec.over_single_counts_to_annual", 1),
    "vat.standard": ("cn.vat.standard", PPM),
    "vat.reduced": ("cn.vat.reduced", PPM),
    **{
        f"consumption_tax.rate.{name}": (f"cn.consumption_tax.{name}.rate", PPM)
        for name in ("high_end_cosmetics", "wine", "other_alcohol", "spirits", "watches", "golf")
    },
}


def test_the_table_is_the_same_from_the_same_seed_and_exact_in_float32() -> None:
    rows = table(5_000, 3)
    assert rows.equals(table(5_000, 3))
    assert not rows.equals(table(5_000, 4))
    extra = pl.col("freight_fen").first() + pl.col("insurance_fen").first()
    whole = rows.group_by("declaration").agg(whole=pl.col("value_fen").sum() + extra)
    assert whole["whole"].max() < FLOAT32_EXACT_MAX  # type: ignore[operator]
    assert rows["item"].min() == 1
    assert table(500, 3, days=1)["day"].unique().to_list() == [FIRST]
    assert rows["quantity_e5"].min() == SCALE_E5


@pytest.mark.parametrize("name", SAME)
def test_the_peer_has_our_parameters_on_every_day_of_the_table(name: str) -> None:
    ours, scale = SAME[name]
    node = parameters()
    changes = [each.first for each in history(ours) if SPAN[0] < each.first <= SPAN[1]]
    days = [*SPAN, *changes, *(day - timedelta(days=1) for day in changes)]
    for day in days:
        (value,) = [each for each in history(ours) if each.covers(day)]
        found = node(day.isoformat())
        for part in name.split("."):
            found = getattr(found, part)
        assert round(found * scale) == value.scalar, day


def test_the_law_changes_on_the_days_that_the_peer_is_split_at() -> None:
    names = [name for name, _ in SAME.values()]
    changes = {each.first for name in names for each in history(name)}
    assert tuple(sorted(day for day in changes if SPAN[0] < day <= SPAN[1])) == (
        whole_run.LAW_CHANGES
    )


@pytest.mark.parametrize("days", [1, 365])
def test_both_charge_the_same_within_what_float32_can_tell(days: int) -> None:
    rows = table(20_000, 5, days)
    theirs = whole_run.openfisca_charges(system(), rows)
    found = side_by_side.compare(whole_run.tumen_charges(rows), theirs)
    assert found["taxed"] > 10_000
    assert found["duty_off"] == 0
    assert found["vat_off"] < found["taxed"] // 1_000


def test_the_table_reaches_every_class_of_the_consumption_tax() -> None:
    rows = table(200_000, 0)
    classes = whole_run._goods(rows["hs_code"].unique())["tax_class"].unique()
    assert classes.len() == len(ConsumptionTaxClass)


def test_another_charge_is_no_result() -> None:
    rows = table(2_000, 5)
    ours, theirs = whole_run.tumen_charges(rows), whole_run.openfisca_charges(system(), rows)
    theirs["vat"][theirs["is_taxed"].argmax()] += 100
    with pytest.raises(WrongResult, match="1 amounts of vat differ"):
        side_by_side.compare(ours, theirs)
    theirs["is_taxed"][:3] ^= True
    with pytest.raises(WrongResult, match="3 items are taxed by one side alone"):
        side_by_side.compare(ours, theirs)


def test_a_year_has_three_laws_and_each_row_its_place() -> None:
    rows = table(3_000, 1)
    spans = list(whole_run._spans(rows))
    assert [day >= date(2018, 7, 1) for day, _ in spans] == [True] * 3
    places = pl.concat([part["place"] for _, part in spans])
    assert places.sort().to_list() == list(range(rows.height))
