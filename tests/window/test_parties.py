"""Names of parties: found across scripts and spellings, and not found where they only rhyme."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.window.parties import (
    DELETION_LENGTH_MAX,
    EXACT_CHARACTERS_MAX,
    PartyIndex,
    forms_of,
    is_exact,
    skeleton,
)


def index_of(*names: str, list_name: str = "Demo list") -> PartyIndex:
    return PartyIndex.build(
        pl.DataFrame(
            {
                "name": list(names),
                "list_name": [list_name] * len(names),
                "entry_id": [str(number) for number in range(len(names))],
            }
        )
    )


def is_hit(listed: str, name: str) -> bool:
    return index_of(listed).lists_like(name) == ["Demo list"]


@pytest.mark.parametrize(
    ("listed", "name"),
    [
        ("DEMOV, Aleksandr", "Alexandr Demov"),
        ("DEMOVSKAYA, Yelena Petrovna", "Демовская Елена Петровна"),
        ("Демовский Алексей", "Aleksei Demovskiy"),
        ("DEMOV, Vladlen Yurievich", "Демов Владлен"),
        ("DEMOVETSKIY Vladlen", "Демовецкий Владлен Юрьевич"),
        ("Dëmovár Gülşen", "demovar gulsen"),
        ("Mohammed Demorani Karim", "Muhammad Demorani Karim"),
        ("Jesus Demorales Guzman", "Jesús Demorales Gusman"),
        ("Ko Ch'o'l-demo", "KO CHOL DEMO"),
        ("Ko Ch'o'l-demo", "Ko Choldemo"),
        ("Demo General Trading Co., Ltd.", "DEMO GENERAL TRADING LIMITED"),
        ("Demo International Shipping LLC", "Demo Intermational Shipping"),
        ("演示贸易有限公司", "演示贸易公司"),
        ("演示·托德", "演示托德"),
        ("演示国际航空航天工业集团有限公司", "演示国际航空航大工业集团"),
        ("デモビッチ・スロボダン", "スロボダン デモビッチ"),
        ("株式会社デモ貿易", "デモ貿易 株式会社"),
        ("데모 무역회사", "데모무역회사"),
        ("山田 演示郎", "山田演示郎"),
        ("Бат-Эрдэнэ Дэмо", "Bat-Erdene Demo"),
    ],
)
def test_a_name_is_found_in_another_script_order_or_spelling(listed: str, name: str) -> None:
    assert is_hit(listed, name)


@pytest.mark.parametrize(
    ("listed", "name"),
    [
        ("王演", "王示"),
        ("王演示", "王演"),
        ("王演示", "王小示"),
        ("Wang Jing", "Wang Ying"),
        ("Demo Li", "Demo Lu"),
        ("Aleksandr Sokolov", "Aleksandr Nikolov"),
        ("DEMOV, Vladlen Yurievich", "Демов Владлен Петрович"),
        ("Demo General Trading", "Other General Trading"),
        ("演示贸易有限公司", "其他贸易有限公司"),
    ],
)
def test_a_name_that_only_resembles_is_dismissed(listed: str, name: str) -> None:
    assert not is_hit(listed, name)


@pytest.mark.parametrize("name", ["王演", "王演示", "김데모", "山田示"])
def test_short_names_in_characters_match_exactly_and_only_so(name: str) -> None:
    assert len(name) <= EXACT_CHARACTERS_MAX
    assert is_hit(name, name)
    assert not is_hit(name, name + "示")
    assert not is_hit(name, name[:-1] + "明")


def test_each_list_is_named_once_and_in_order_and_no_hit_is_null() -> None:
    names = pl.DataFrame(
        {
            "name": ["DEMOV, Aleksandr", "DEMOV, Alexandr", "Aleksandr Demov", "演示贸易集团"],
            "list_name": ["Zone", "Zone", "Area", "Area"],
            "entry_id": ["1", "1", "2", "3"],
        }
    )
    asked = pl.Series("buyer_name", ["Демов Александр", "王演", None, "", "演示贸易集团"])
    hits = PartyIndex.build(names).hits(asked)
    assert hits.dtype == pl.List(pl.String)
    assert hits.to_list() == [["Area", "Zone"], None, None, None, ["Area"]]


def test_an_index_without_names_finds_nothing() -> None:
    asked = pl.Series("buyer_name", ["王演", None])
    for index in (PartyIndex(), index_of()):
        assert index.hits(asked).to_list() == [None, None]
        assert index.hits(asked.clear()).to_list() == []


def test_a_name_of_signs_alone_is_nobody() -> None:
    assert index_of("--", "Demov Aleksandr").lists_like("-- !") == []


def test_every_listed_name_finds_itself() -> None:
    names = ["A", "Demo", "Демо Дэмович", "演", "演示演示演示", "Demo " * 12, "DE-MO", "3 D", "ооо"]
    index = index_of(*names)
    assert all(index.lists_like(name) for name in names)


@given(st.text(max_size=60))
def test_any_text_can_be_asked_for(name: str) -> None:
    assert index_of("DEMOV, Aleksandr", "演示贸易集团").lists_like(name) in ([], ["Demo list"])


@given(
    st.lists(
        st.text("bdfgklmnprstvz", min_size=5, max_size=9),
        min_size=2,
        max_size=4,
        unique_by=skeleton,
    ),
    st.integers(0, 30),
)
def test_a_long_name_is_found_when_a_letter_within_a_word_is_doubled(
    words: list[str], at: int
) -> None:
    listed = " ".join(words)
    word = words[at % len(words)]
    doubled = word[:2] + word[1:]
    asked = " ".join([*words[: at % len(words)], doubled, *words[at % len(words) + 1 :]])
    assert is_exact(forms_of(listed)[0]) or is_hit(listed, asked)


def test_names_at_the_border_of_the_two_ways_find_each_other() -> None:
    listed = "bdfgkl mnprst v"[: DELETION_LENGTH_MAX + 2]
    longer = listed + "z"
    assert is_hit(listed, longer)
    assert is_hit(longer, listed)
