"""The grammar of the Japanese tariff reads what it should, and nothing else."""

from fractions import Fraction

import pytest

from tumen.law.duty import AdValorem, Duty, Highest, Lowest, Specific, Total
from tumen.law.tariff.japanese import is_bracketed, read

FREE = AdValorem(Fraction(0))


def percent(text: str) -> AdValorem:
    return AdValorem(Fraction(text) / 100)


def yen(amount: str, per: str) -> Specific:
    return Specific(Fraction(amount), "JPY", per)


READ: dict[str, Duty] = {
    "無税": FREE,
    "(無税）": FREE,
    "5.8%": percent("5.8"),
    "（5.8％）": percent("5.8"),
    "4,000,000円/頭": yen("4000000", "head"),
    "400円/l": yen("400", "l"),
    "1,000円/kl": yen("1", "l"),
    "930円/MT": yen("0.93", "kg"),
    "1.50円/枚": yen("1.5", "piece"),
    "(2.98円 | /kg)": yen("2.98", "kg"),
    "29.8%＋396円/kg": Total((percent("29.8"), yen("396", "kg"))),
    "21%+ | 635円/kg": Total((percent("21"), yen("635", "kg"))),
    "(8.5%＋290.70円/1,000本)": Total((percent("8.5"), yen("0.2907", "piece"))),
    "60%又は4,800円/足のうちいずれか高い税率": Highest((percent("60"), yen("4800", "pair"))),
    "6.4%又は7.6%＋2.90円/㎡のうちいずれか高い税率": Highest(
        (percent("6.4"), Total((percent("7.6"), yen("2.9", "m2"))))
    ),
    "38.2%又は159円/kgのうちいずれか低い税率": Lowest((percent("38.2"), yen("159", "kg"))),
    "15%又は125円/lのうちいずれか低い税率 | ただしその税率が67円/lを下回る場合は67円/l": Highest(
        (Lowest((percent("15"), yen("125", "l"))), yen("67", "l"))
    ),
    "(無税)〜(3.1%)": Highest((FREE, percent("3.1"))),
    "（9.1%）〜（10.9%）": Highest((percent("9.1"), percent("10.9"))),
    "(無税〜2.1%)": Highest((FREE, percent("2.1"))),
    "(無税)〜(4.8%)又は(8.8円/kg)": Highest((FREE, percent("4.8"), yen("8.8", "kg"))),
    "(一部3.5%）": percent("3.5"),
}

UNREAD = (
    "",
    "免税",
    "非譲許",
    "●無税又は非譲許",
    "無税〜(5.5%)",
    "4.24%〜4.48%",
    "*(55円/kg)",
    "**(61.9%)",
    "※17.7%",
    "◎無税",
    "(73.70円−課税価格)/kg",
    "1キログラムにつき部分肉に係る基準輸入価格と課税価格との差額",
    "くらげ 4.4%",
    "合成繊維製のもの 4.4% | その他のもの 無税",
    "関税割当数量以内のもの 無税",
    "15%又は125円/lのうちいずれか低い税率ただしその税率が67円/lを下回る場合は70円/l",
    "10%又は4,800円/足",
    "10 %%",
    "1,00円/kg",
    "5円/袋",
)


@pytest.mark.parametrize("text", READ)
def test_a_rate_is_read_as_the_tariff_means_it(text: str) -> None:
    assert read(text) == READ[text]


@pytest.mark.parametrize("text", UNREAD)
def test_what_turns_on_more_than_the_line_is_not_read(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("(5%)", True), ("（一部7%)", True), ("(3%)〜(6%)", True), ("3%〜(6%)", False), ("5%", False)],
)
def test_brackets_are_seen_around_the_whole_rate_only(text: str, expected: bool) -> None:
    assert is_bracketed(text) is expected
