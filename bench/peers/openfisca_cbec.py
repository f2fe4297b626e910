"""The Chinese CBEC rule as a country package of OpenFisca would write it.

The rule is that of ``tumen.law.cn.cbec``: customs value with its share of freight and insurance,
the limits of the day, duty, consumption tax and VAT of each item, rounded to the fen where the law
rounds. Rates by class are looked up in one of two ways, see :class:`Lookup`.
"""

import tomllib
from pathlib import Path
from typing import Any, Final

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PARAMETERS: Final = Path(__file__).with_name("cbec.toml")
FIRST_DAY: Final = "2016-04-08"

Item = build_entity("item", "items", "A goods item", is_person=True)
Declaration = build_entity(
    "declaration", "declarations", "A declaration", roles=[{"key": "item", "plural": "items"}]
)


class VatClass(Enum):
    """Classes of goods with a VAT rate of their own."""

    standard = "standard"
    reduced = "reduced"


class ConsumptionTaxClass(Enum):
    """Classes of goods with a consumption tax of their own."""

    none = "none"
    high_end_cosmetics = "high_end_cosmetics"
    wine = "wine"
    other_alcohol = "other_alcohol"
    spirits = "spirits"
    beer = "beer"
    yellow_wine = "yellow_wine"
    watches = "watches"
    golf = "golf"


class Lookup:
    """How the value of each row's class is found.

    Attributes:
        is_documented: as OpenFisca documents it, ``node[classes]``, which is a loop in Python over
            the rows; else the fastest that we know, by index from an array of the few values.
    """

    is_documented: bool = False


def _by_class(node: Any, classes: Any) -> Any:
    """The value of each row's class."""
    if Lookup.is_documented:
        return node[classes]
    values = [node[member.name] for member in classes.possible_values]
    return np.array(values, dtype=np.float32)[classes.view(np.ndarray)]


def _to_the_fen(amount: Any) -> Any:
    return np.floor(amount + 0.5)


# --- what is told --------------------------------------------------------------------------------


class price(Variable):
    value_type = float
    entity = Item
    definition_period = DateUnit.DAY


class quantity(Variable):
    """Pieces of watches, grams of all else."""

    value_type = float
    entity = Item
    definition_period = DateUnit.DAY


class tariff_rate(Variable):
    value_type = float
    entity = Item
    definition_period = DateUnit.DAY


class vat_class(Variable):
    value_type = Enum
    possible_values = VatClass
    default_value = VatClass.standard
    entity = Item
    definition_period = DateUnit.DAY


class consumption_tax_class(Variable):
    value_type = Enum
    possible_values = ConsumptionTaxClass
    default_value = ConsumptionTaxClass.none
    entity = Item
    definition_period = DateUnit.DAY


class freight_and_insurance(Variable):
    value_type = float
    entity = Declaration
    definition_period = DateUnit.DAY


class used_before(Variable):
    value_type = float
    entity = Declaration
    definition_period = DateUnit.DAY


class is_single_indivisible(Variable):
    value_type = bool
    entity = Declaration
    definition_period = DateUnit.DAY


# --- what follows --------------------------------------------------------------------------------


class goods_value(Variable):
    value_type = float
    entity = Declaration
    definition_period = DateUnit.DAY

    def formula(declaration, period):
        return declaration.sum(declaration.members("price", period))


class declaration_value(Variable):
    value_type = float
    entity = Declaration
    definition_period = DateUnit.DAY

    def formula(declaration, period):
        return declaration("goods_value", period) + declaration("freight_and_insurance", period)


class customs_value(Variable):
    """The price with its share of freight and insurance, cumulatively, to the fen."""

    value_type = float
    entity = Item
    definition_period = DateUnit.DAY

    def formula(item, period):
        own = item("price", period)
        until = np.cumsum(own, dtype=np.float64)
        before = until - own
        start = item.declaration.value_from_first_person(before)
        extra = item.declaration("freight_and_insurance", period)
        whole = item.declaration("goods_value", period)
        shared_until = _to_the_fen(extra * (until - start) / whole)
        return own + shared_until - _to_the_fen(extra * (before - start) / whole)


class is_full(Variable):
    """An indivisible item above the single limit, taxed in full."""

    value_type = bool
    entity = Declaration
    definition_period = DateUnit.DAY

    def formula(declaration, period, parameters):
        cbec = parameters(period).cbec
        amount = declaration("declaration_value", period)
        alone = declaration("is_single_indivisible", period)
        above = alone & (amount > cbec.single_limit)
        if not cbec.over_single_counts_to_annual:
            return above
        return above & (declaration("used_before", period) + amount <= cbec.annual_limit)


class is_within(Variable):
    value_type = bool
    entity = Declaration
    definition_period = DateUnit.DAY

    def formula(declaration, period, parameters):
        cbec = parameters(period).cbec
        amount = declaration("declaration_value", period)
        within_year = declaration("used_before", period) + amount <= cbec.annual_limit
        return (amount <= cbec.single_limit) & within_year


class duty(Variable):
    value_type = float
    entity = Item
    definition_period = DateUnit.DAY

    def formula(item, period, parameters):
        full = item.declaration("is_full", period)
        within = parameters(period).cbec.duty_rate
        rate = np.where(full, item("tariff_rate", period), np.float32(within))
        return _to_the_fen(item("customs_value", period) * rate)


class is_triggered(Variable):
    value_type = bool
    entity = Item
    definition_period = DateUnit.DAY

    def formula(item, period, parameters):
        classes = item("consumption_tax_class", period)
        trigger = _by_class(parameters(period).consumption_tax.trigger, classes)
        return item("customs_value", period) >= item("quantity", period) * trigger


class consumption_tax_rate(Variable):
    value_type = float
    entity = Item
    definition_period = DateUnit.DAY

    def formula(item, period, parameters):
        classes = item("consumption_tax_class", period)
        rate = _by_class(parameters(period).consumption_tax.rate, classes)
        return rate * item("is_triggered", period)


class specific_tax(Variable):
    """The part of the consumption tax that goes by quantity, in full."""

    value_type = float
    entity = Item
    definition_period = DateUnit.DAY

    def formula(item, period, parameters):
        classes = item("consumption_tax_class", period)
        node = parameters(period).consumption_tax
        low, high = _by_class(node.specific_low, classes), _by_class(node.specific_high, classes)
        unit = np.where(item("is_triggered", period), high, low)
        return _to_the_fen(unit * item("quantity", period))


class tax_base(Variable):
    """The price that contains the full consumption tax."""

    value_type = float
    entity = Item
    definition_period = DateUnit.DAY

    def formula(item, period):
        before = item("customs_value", period) + item("duty", period)
        specific, rate = item("specific_tax", period), item("consumption_tax_rate", period)
        return before + specific + _to_the_fen((before + specific) * rate / (1 - rate))


class consumption_tax(Variable):
    value_type = float
    entity = Item
    definition_period = DateUnit.DAY

    def formula(item, period, parameters):
        full = item.declaration("is_full", period)
        part = np.where(full, 1.0, parameters(period).cbec.consumption_tax_factor)
        by_value = item("tax_base", period) * item("consumption_tax_rate", period)
        return _to_the_fen((by_value + item("specific_tax", period)) * part)


class vat(Variable):
    value_type = float
    entity = Item
    definition_period = DateUnit.DAY

    def formula(item, period, parameters):
        full = item.declaration("is_full", period)
        part = np.where(full, 1.0, parameters(period).cbec.vat_factor)
        rate = _by_class(parameters(period).vat, item("vat_class", period))
        return _to_the_fen(item("tax_base", period) * rate * part)


class is_taxed(Variable):
    value_type = bool
    entity = Item
    definition_period = DateUnit.DAY

    def formula(item, period):
        return item.declaration("is_full", period) | item.declaration("is_within", period)


VARIABLES: Final = (
    price, quantity, tariff_rate, vat_class, consumption_tax_class, freight_and_insurance,
    used_before, is_single_indivisible, goods_value, declaration_value, customs_value, is_full,
    is_within, duty, is_triggered, consumption_tax_rate, specific_tax, tax_base, consumption_tax,
    vat, is_taxed,
)  # fmt: skip


def parameters() -> ParameterNode:
    """The parameters of the file; a class that a tax does not name pays nothing."""
    told = tomllib.loads(PARAMETERS.read_text("utf-8"))
    nothing = {member.name: {FIRST_DAY: 0.0} for member in ConsumptionTaxClass}
    told["consumption_tax"] = {
        name: nothing | classes for name, classes in told["consumption_tax"].items()
    }
    return ParameterNode("", data=_node(told))


def _node(told: dict[str, Any]) -> dict[str, Any]:
    """A table of TOML as OpenFisca's: a parameter is a table of days."""
    return {
        name: {"values": each} if not isinstance(next(iter(each.values())), dict) else _node(each)
        for name, each in told.items()
    }


def system() -> TaxBenefitSystem:
    """The rule with its parameters; made once, as a service would."""
    made = TaxBenefitSystem([Item, Declaration])
    made.parameters = parameters()
    made.add_variables(*VARIABLES)
    return made
