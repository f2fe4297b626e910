"""The catalogues: every sentence of the portal in every language, with its places kept."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from update_catalogues import LOCALE, template_of

from tumen.codelist.violations import all_violations
from tumen.web.locale.catalogue import PORTAL, VIOLATIONS, is_translated
from tumen.web.locale.languages import ENGLISH, LANGUAGES
from tumen.web.portal.words import WORDS, word
from tumen.window.ledger import letting_go

OTHERS = [language for language in LANGUAGES if language != ENGLISH]
PLACES = re.compile(r"%\(\w+\)s|\{\w*\}|`[^`]*`")
NUMBERED = re.compile(r"\{\d+\}")


@cache
def catalogue(language: str, domain: str) -> Catalog:
    with (LOCALE / language / f"{domain}.po").open("rb") as source:
        return read_po(source, locale=language)


@cache
def template(domain: str) -> Catalog:
    return template_of(domain)


def forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("domain", [PORTAL, VIOLATIONS])
@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_and_none_is_left_over(language: str, domain: str) -> None:
    wanted = {str(each.id) for each in template(domain) if each.id}
    held = {str(each.id): each for each in catalogue(language, domain) if each.id}
    assert wanted - held.keys() == set(), "run tools/update_catalogues.py and translate"
    assert held.keys() - wanted == set()
    assert not [each.id for each in held.values() if not all(forms(each.string))]


@pytest.mark.parametrize("domain", [PORTAL, VIOLATIONS])
@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_every_place_for_a_value(language: str, domain: str) -> None:
    wrong = [
        (each.id, text)
        for each in catalogue(language, domain)
        if each.id
        for text in forms(each.string)
        if set(PLACES.findall(forms(each.id)[-1])) != set(PLACES.findall(text))
    ]
    assert not wrong


@pytest.mark.parametrize("language", OTHERS)
def test_a_refusal_has_each_of_its_values_once(language: str) -> None:
    numbered = [each for each in catalogue(language, PORTAL) if each.id and "{0}" in each.id]
    assert numbered
    for each in numbered:
        assert sorted(NUMBERED.findall(str(each.string))) == NUMBERED.findall(str(each.id))


@pytest.mark.parametrize("language", OTHERS)
def test_every_code_says_what_is_wrong_and_what_to_do_in_the_readers_language(
    language: str,
) -> None:
    for code in all_violations():
        for sentence in (code.message, code.fix):
            assert is_translated(language, sentence, VIOLATIONS), (code.code, sentence)


@pytest.mark.parametrize("domain", [PORTAL, VIOLATIONS])
@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_stays_in_the_letters_of_english(language: str, domain: str) -> None:
    plain = [
        each.id
        for each in catalogue(language, domain)
        if each.id and not _says_something_of_its_own(each)
    ]
    assert not plain


def _says_something_of_its_own(each: Message) -> bool:
    """Whether a translation has letters of its language; one of places alone has nothing to say."""
    if not PLACES.sub("", forms(each.id)[-1]).strip(" :.;"):
        return True
    return any(not text.isascii() for text in forms(each.string))


def test_every_word_for_a_code_is_a_sentence_of_the_catalogues() -> None:
    sentences = {each.id for each in template(PORTAL)}
    assert {word for group in WORDS.values() for word in group.values()} <= sentences


def test_a_reason_of_the_platform_is_translated_and_one_of_an_officer_stays_as_written() -> None:
    assert word("ru", "reason", letting_go.REASON).startswith("Гарантии достаточно")
    assert word("ru", "reason", "see note_3") == "see note_3"
