"""The catalogues: every sentence of the portal in every language, with its places kept."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from update_catalogues import LOCALE, template_of

from tumen.codelist.violations import all_violations
from tumen.web.locale.catalogue import PORTAL, VIOLATIONS
from tumen.web.locale.languages import ENGLISH, LANGUAGES
from tumen.web.portal.words import WORDS

OTHERS = [language for language in LANGUAGES if language != ENGLISH]
PLACES = re.compile(r"%\(\w+\)s|\{\w*\}|`[^`]*`")


@cache
def catalogue(language: str, domain: str) -> Catalog:
    with (LOCALE / language / f"{domain}.po").open("rb") as source:
        return read_po(source, locale=language)


def forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_the_portal_is_translated_and_none_is_left_over(language: str) -> None:
    wanted = {str(each.id) for each in template_of(PORTAL) if each.id}
    held = {str(each.id): each for each in catalogue(language, PORTAL) if each.id}
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
def test_no_translation_of_a_violation_is_of_a_text_that_is_gone(language: str) -> None:
    texts = {text for each in all_violations() for text in (each.message, each.fix)}
    held = {each.id for each in catalogue(language, VIOLATIONS) if each.id}
    assert held - texts == set()


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_stays_in_the_letters_of_english(language: str) -> None:
    foreign = re.compile(r"[^\x00-\x7f]")
    plain = [
        each.id
        for each in catalogue(language, PORTAL)
        if each.id and not any(foreign.search(text) for text in forms(each.string))
    ]
    assert not plain


def test_every_word_for_a_code_is_a_sentence_of_the_catalogues() -> None:
    template = {each.id for each in template_of(PORTAL)}
    assert {word for group in WORDS.values() for word in group.values()} <= template
