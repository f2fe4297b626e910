"""Business rules: what a single document must fulfil, beyond its format.

``check`` runs them all; :func:`all_rules` lists them with what they say.
"""

from tumen.documents.rules import amounts, coded, dates, goods, parties
from tumen.documents.rules.judge import check
from tumen.documents.rules.register import KnownCodes, Rule, all_rules

__all__ = [
    "KnownCodes",
    "Rule",
    "all_rules",
    "amounts",
    "check",
    "coded",
    "dates",
    "goods",
    "parties",
]
