"""The catalogues of translated sentences, compiled when a language is first asked for."""

from functools import cache
from gettext import NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from tumen.web.locale.languages import ENGLISH, LANGUAGES

PORTAL: Final = "portal"
"""The sentences of the portal's own pages."""

VIOLATIONS: Final = "violations"
"""The messages and remedies of the catalogue of violations."""


@cache
def catalogue(language: str, domain: str = PORTAL) -> NullTranslations:
    """The translations of a language; those of English are the sentences themselves.

    Args:
        language: one of :data:`LANGUAGES`.
        domain: which catalogue.

    Raises:
        KeyError: there is no such language, which is a bug of ours.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    file = files("tumen.web.locale").joinpath(f"{language}/{domain}.po")
    if language == ENGLISH or not file.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language, domain=domain))
    compiled.seek(0)
    return Translations(fp=compiled, domain=domain)


def is_translated(language: str, sentence: str, domain: str = PORTAL) -> bool:
    """Whether a sentence stands in the catalogue of a language; English is its own."""
    if language == ENGLISH:
        return True
    return sentence in getattr(catalogue(language, domain), "_catalog", {})
