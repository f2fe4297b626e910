"""Which regime takes a shipment to Russia, on whole columns: the first that admits it."""

from types import ModuleType
from typing import Final

from tumen.law.columns import Columns, Stage, at_column, product
from tumen.law.overlay import remembered

ECOMMERCE, PERSONAL, GENERAL = 1, 2, 3
WEIGHT_SCALE: Final = 10**5
PARCELS: Final = ("post", "courier")
AUTO: Final = "auto"


@remembered
def _admitted(x: ModuleType) -> Columns:
    """Whether the regimes for goods of persons admit a shipment."""
    day, col = x.col("period"), x.col
    is_personal = (col("buyer_kind") == "person") & (col("purpose") == "personal")
    has_platform = ~col("platform").is_null()
    limit = product(at_column("ru.ecommerce.weight_limit", day), WEIGHT_SCALE)
    is_too_heavy = ~col("law_any_unweighed") & (col("law_weight_e5") > limit)
    needs_platform = at_column("ru.ecommerce.platform_required", day)
    may_be_ecommerce = (
        ~at_column("ru.ecommerce.value_limit", day).is_null()
        & is_personal
        & (has_platform | ~needs_platform)
        & ~is_too_heavy
        & ~col("law_any_excluded")
    )
    may_be_personal = (
        ~at_column("ru.personal.value_limit", day).is_null()
        & is_personal
        & col("transport").is_in(PARCELS)
        & ~(has_platform & at_column("ru.personal.marketplace_excluded", day))
        & ~col("law_any_prohibited")
    )
    return (
        may_be_ecommerce.fill_null(value=False).alias("law_is_ecommerce"),
        may_be_personal.fill_null(value=False).alias("law_is_personal"),
    )


@remembered
def _regime(x: ModuleType) -> Columns:
    asked = x.col("asked")
    is_auto = asked == AUTO
    is_ecommerce = x.col("law_is_ecommerce") & (is_auto | (asked == "ecommerce"))
    is_personal = x.col("law_is_personal") & (is_auto | (asked == "personal"))
    general = x.when(is_auto | (asked == "general")).then(x.lit(GENERAL))
    personal = x.when(is_personal).then(x.lit(PERSONAL)).otherwise(general)
    found = x.when(is_ecommerce).then(x.lit(ECOMMERCE)).otherwise(personal)
    return (found.alias("law_regime"),)


STAGES: Final[tuple[Stage, ...]] = (_admitted, _regime)
