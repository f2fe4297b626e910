"""Numbers and times as a reader of a page expects them."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from babel.numbers import format_decimal
from markupsafe import Markup, escape

NEVER = "–"


def amount(language: str, text: str | None) -> str:
    """A decimal text with the separators of a language; every digit of it stays.

    >>> amount("en", "12345.60"), amount("ru", "5.60")
    ('12,345.60', '5,60')
    """
    if text is None:
        return NEVER
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    places = max(0, -int(number.as_tuple().exponent))
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return str(format_decimal(number, format=pattern, locale=language, decimal_quantization=False))


def count(language: str, number: int | None) -> str:
    """A count with the separators of a language.

    >>> count("en", 12345)
    '12,345'
    """
    return NEVER if number is None else str(format_decimal(number, locale=language))


def breakable(code: str) -> Markup:
    """A code that may be broken after an underscore, and nowhere else.

    >>> breakable("RATE_UNKNOWN")
    Markup('RATE_<wbr>UNKNOWN')
    """
    return Markup("_<wbr>").join(escape(code).split("_"))


def minute(moment: datetime | str | None) -> str:
    """A moment to the minute, in UTC.

    >>> minute("2026-08-03T12:00:07+00:00")
    '2026-08-03 12:00'
    """
    if moment is None:
        return NEVER
    if isinstance(moment, datetime):
        moment = moment.astimezone(UTC).isoformat()
    if moment.isdigit():
        moment = f"{moment[:4]}-{moment[4:6]}-{moment[6:8]}T{moment[8:10]}:{moment[10:12]}"
    return moment[:16].replace("T", " ")


def plainly(code: str) -> str:
    """A code of ours as words, where it has no better name.

    >>> plainly("customs_value")
    'customs value'
    """
    return code.replace("_", " ")


def waited(since: datetime, now: datetime) -> str:
    """How long something has waited, in hours and minutes.

    >>> waited(datetime(2026, 8, 3, 12, 0, tzinfo=UTC), datetime(2026, 8, 5, 13, 7, tzinfo=UTC))
    '49:07'
    """
    minutes = max(0, int((now - since).total_seconds()) // 60)
    return f"{minutes // 60}:{minutes % 60:02}"
