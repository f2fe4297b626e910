"""What is examined at the border; each is the matter of one authority."""

from enum import StrEnum
from typing import Final


class Matter(StrEnum):
    """What is examined; each is the matter of one agency."""

    CUSTOMS = "customs"
    QUARANTINE = "quarantine"
    FOOD = "food"
    TECHNICAL = "technical"


OF_AGENCIES: Final = frozenset(Matter) - {Matter.CUSTOMS}
"""What an agency other than customs can be in charge of."""
