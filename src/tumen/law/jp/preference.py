"""Preferential rates of Japan: RCEP for China and Korea, and the agreement with Mongolia."""

from typing import Final

from tumen.law.preference import Agreement


def _agreement(name: str, **columns: str) -> Agreement:
    prefix = f"jp.preference.{name}"
    return Agreement(
        origins={each: f"{prefix}.{each.lower()}" for each in columns},
        columns=columns,
        transport=f"{prefix}.transport",
        proof=f"{prefix}.{{}}",
        waiver=f"{prefix}.waiver",
    )


AGREEMENTS: Final = {
    "RCEP": _agreement("rcep", CN="rcep_china", KR="rcep_korea"),
    "JMEPA": _agreement("jmepa", MN="epa_mongolia"),
}
