"""Rules of parties: identity numbers, enterprise codes, guarantors.

**Enterprise codes.** A code of 18 characters is a unified social credit code and must have its
check digit (GB 32100). A code of 10 characters is a customs registration code, which has none
that is published: only its shape is judged, ten digits or capital letters, as in the official
samples. A platform that is not registered has a number issued by the electronic port, which has
ten characters, too.

**Identity numbers.** The check character (GB 11643) and the date of birth are judged, the six
digits of the place are not: tables of places are never complete. Numbers are looked at once
each and never kept: they are personal data.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Final

import polars as pl
from stdnum.cn import ric, uscc

from tumen.documents.fields import Kind
from tumen.documents.rules.coded import BUYER_KINDS, IDENTITY_CARD
from tumen.documents.rules.register import NOTHING, Document, Fault, Terms, frame_rule, line_rule
from tumen.kernel.violation import gather, violations

ENTERPRISES: Final = {
    Kind.ORDER: ("platform_code", "merchant_code", "payment_provider_code"),
    Kind.PAYMENT: ("payment_provider_code", "platform_code"),
    Kind.WAYBILL: ("carrier_code",),
    Kind.DECLARATION: (
        "platform_code",
        "merchant_code",
        "carrier_code",
        "agent_code",
        "warehouse_code",
    ),
    Kind.REVOCATION: ("platform_code", "merchant_code", "carrier_code", "agent_code"),
    Kind.RETURN: ("platform_code", "merchant_code", "carrier_code", "agent_code"),
}

CUSTOMS_CODE: Final = re.compile(r"[0-9A-Z]{10}")
IDENTITY_NUMBER: Final = re.compile(r"[0-9]{17}[0-9Xx]")
FIRST_BIRTH_YEAR: Final = 1900
BIRTH_DATES_REMEMBERED_MAX: Final = 65_536
ENTERPRISES_REMEMBERED_MAX: Final = 65_536


@lru_cache(maxsize=ENTERPRISES_REMEMBERED_MAX)
def is_enterprise_code(code: str) -> bool:
    """Whether it is a customs registration code by its shape, or a valid credit code.

    >>> is_enterprise_code("1105910159"), is_enterprise_code("91110000600037341L")
    (True, True)
    >>> is_enterprise_code("91110000600037341M"), is_enterprise_code("11059")
    (False, False)
    """
    if CUSTOMS_CODE.fullmatch(code):
        return True
    return code == uscc.compact(code) and bool(uscc.is_valid(code))


def has_check_character(number: str) -> bool:
    """Whether it has the shape and the check character of an identity number.

    >>> has_check_character("360426199101010071"), has_check_character("360426199101010072")
    (True, False)
    """
    if not IDENTITY_NUMBER.fullmatch(number):
        return False
    return bool(ric.calc_check_digit(number) == number[-1].upper())


@lru_cache(maxsize=BIRTH_DATES_REMEMBERED_MAX)
def is_birth_date(digits: str) -> bool:
    """Whether eight digits are a date of the calendar, since 1900.

    >>> is_birth_date("19910101"), is_birth_date("19910230")
    (True, False)
    """
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year >= FIRST_BIRTH_YEAR
    except ValueError:
        return False


def _born(number: str) -> str:
    return number[6:14]


@frame_rule("IDENTITY_NUMBER_INVALID", "IDENTITY_BIRTH_DATE_IMPLAUSIBLE", kinds=BUYER_KINDS)
def identity_number_is_valid(document: Document) -> pl.DataFrame:
    """An identity number has its check character and a birth before the document."""
    whose, head = "payer" if document.kind is Kind.PAYMENT else "buyer", document.head
    field, sound = f"{whose}_id_number", document.sound_identities
    stated = set(filter(None, head[field].to_list()))
    fresh = stated - sound
    wrong = {number for number in fresh if not has_check_character(number)}
    unborn = {number for number in fresh - wrong if not is_birth_date(_born(number))}
    sound |= fresh - wrong - unborn
    # Nobody is later than their document where the latest birth is before every issue.
    latest = max(map(_born, stated & sound), default="")
    later_born = any(issued < latest for issued in filter(None, head["issued_at"].to_list()))
    if not (wrong or unborn or later_born):
        return NOTHING
    is_card, number = pl.col(f"{whose}_id_type") == IDENTITY_CARD, pl.col(field)
    is_later = number.str.slice(6, 8) > pl.col("issued_at").str.slice(0, 8)
    is_wrong, is_unborn = number.is_in(list(wrong)), number.is_in(list(unborn)) | is_later
    return gather(
        violations(head.filter(is_card & is_wrong), "IDENTITY_NUMBER_INVALID", field),
        violations(
            head.filter(is_card & ~is_wrong & is_unborn), "IDENTITY_BIRTH_DATE_IMPLAUSIBLE", field
        ),
    )


@frame_rule("ENTERPRISE_CODE_INVALID")
def enterprise_codes_are_valid(document: Document) -> pl.DataFrame:
    """An enterprise is named by its customs code or its unified social credit code."""
    head = document.head
    found = []
    for field in ENTERPRISES[document.kind]:
        stated = set(head[field].to_list())
        wrong = [code for code in stated if code and not is_enterprise_code(code)]
        if wrong:
            where = head.filter(pl.col(field).is_in(wrong))
            found.append(violations(where, "ENTERPRISE_CODE_INVALID", field, value=pl.col(field)))
    return gather(*found) if found else NOTHING


@line_rule("GUARANTOR_NOT_A_PARTY", kinds=(Kind.DECLARATION,))
def guarantor_is_a_party(_kind: Kind, _terms: Terms) -> Iterable[Fault]:
    """The guarantor of the duties is the agent, the merchant or the carrier."""
    code = pl.col("guarantor_code")
    parties = [pl.col(field) for field in ("agent_code", "merchant_code", "carrier_code")]
    is_none = pl.all_horizontal(code != party for party in parties)
    expected = pl.concat_str(parties, separator=", ")
    return [Fault("GUARANTOR_NOT_A_PARTY", "guarantor_code", is_none, code, expected)]
