"""The five economies as a command is told one of them."""

from enum import StrEnum


class Economy(StrEnum):
    """Whose law, rates or authority."""

    CN = "CN"
    RU = "RU"
    JP = "JP"
    KR = "KR"
    MN = "MN"
