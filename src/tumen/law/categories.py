"""The seller's categories that no economy admits, as far as its law is held.

A table, no law: each economy's law names those of them that it refuses (``kr.control``,
``ru.control.prohibited`` …); the columns leave all of them to the law that reads like the act.
"""

from typing import Final

NEVER_ADMITTED: Final = frozenset(
    {"counterfeit", "counterfeit_money", "narcotics", "obscene", "weapons"}
)
