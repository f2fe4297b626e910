"""Import by the general tariff of Japan, one consignment at a time, as the law reads.

The scalar twin of the vectorised law: exact fractions, a step for each number, a citation for
each step. The steps are those of ``docs/law-jp.md``:

1. Customs value: price, freight and insurance; for personal use 0.6 of the retail price.
2. Exemption of duty and consumption tax up to 10,000 yen in all, but for listed goods.
3. Duty of each item: customs value in thousands of yen x the lowest rate that is due.
4. Excise: not held, unknown.
5. National consumption tax: (customs value + duty in hundreds + excise) in thousands x rate.
6. Local consumption tax: national tax in hundreds x share.
7. Payable: the sum of the items' unrounded taxes, in hundreds.
"""

from typing import Final

from tumen.law import admission
from tumen.law.consignment import Consignment
from tumen.law.jp.assessment import assess as assess_with
from tumen.law.jp.duties import general_duty
from tumen.law.ruling import Ruling

NAME: Final = "general"


refusals = admission.services
"""The general tariff is open to all goods."""


def assess(consignment: Consignment) -> Ruling:
    """Duty by the general tariff, and the taxes on it."""
    return assess_with(consignment, NAME, general_duty)
