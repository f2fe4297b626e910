"""Who has frozen the own allowance: what the last freeze or unfreezing of a person says."""

from typing import Final

import polars as pl

from tumen.store.session import Session
from tumen.window.persons import Step

_IS_FREEZE: Final = f"IN ('{Step.FROZEN}', '{Step.UNFROZEN}')"

FROZEN: Final = f"""
    SELECT person FROM (
        SELECT DISTINCT ON (person) person, step FROM person_step
        WHERE person = ANY((SELECT persons FROM asked)::uuid[]) AND step {_IS_FREEZE}
        ORDER BY person, artefact_id DESC
    ) last WHERE step = '{Step.FROZEN}'
"""  # noqa: S608 - our own constants
"""Of the persons that ``asked`` has in an array those who have frozen their allowance."""


def is_frozen(person: str) -> str:
    """Whether the person of a column has, as a condition in SQL."""
    return f"""coalesce((
        SELECT p.step = '{Step.FROZEN}' FROM person_step p
        WHERE p.person = {person} AND p.step {_IS_FREEZE} ORDER BY p.artefact_id DESC LIMIT 1
    ), false)"""  # noqa: S608 - our own constants


def frozen_among(session: Session, persons: pl.Series) -> frozenset[str]:
    """Which of some persons have frozen their allowance, by their blind indexes; null is nobody."""
    asked = persons.drop_nulls().unique()
    if asked.is_empty():
        return frozenset()
    query = f"""WITH asked AS (SELECT %(persons)s::uuid[] AS persons)
                SELECT encode(uuid_send(person), 'hex') FROM ({FROZEN}) f"""  # noqa: S608 - ours
    found = session.read(query, {"persons": asked}, pl.Schema({"person": pl.String()}))
    return frozenset(found["person"].to_list())
