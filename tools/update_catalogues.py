"""Brings the catalogues of sentences up to the portal and the catalogue of violations.

    python tools/update_catalogues.py

A sentence that is new stands in every catalogue with an empty translation, and the tests fail
until somebody fills it in; one that is gone is taken out. Translations are kept.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from raised_sentences import raised_in

from tumen.access.matrix import MEANINGS
from tumen.codelist.spoken import STAND_INS
from tumen.codelist.terms import TERMS
from tumen.codelist.verdict_words import WITHSTANDS, WITHSTANDS_NONE, WORDS
from tumen.codelist.violations import all_violations
from tumen.web.locale.catalogue import PORTAL, VIOLATIONS
from tumen.web.locale.languages import ENGLISH, LANGUAGES
from tumen.web.problem import FRAMEWORK, every_problem

PACKAGE: Final = Path(__file__).parents[1] / "src/tumen/web"
LOCALE: Final = PACKAGE / "locale"
RAISING: Final = (
    "web/*.py", "web/api/*.py", "web/access/*.py", "web/portal/*.py", "web/webhooks/*.py",
    "access/keys.py", "access/sessions.py", "access/webhooks.py", "window/ledger/acts.py",
    "window/ledger/contingencies.py", "window/ledger/deferred.py", "window/ledger/reports.py",
    "window/ledger/guarantee_desk.py", "window/contingency.py",
)  # fmt: skip
"""Where a request over HTTP is refused."""

_OF_OPERATORS: Final = frozenset({"issuer.py", "identity.py", "service.py"})
"""Files whose errors are about the settings of a node."""

_READERS: Final = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
_OPTIONS: Final = {"**/templates/**.html": {"trimmed": "true"}}
_KEYWORDS: Final = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}

Sentence = str | tuple[str, ...]


def sentences() -> Iterator[tuple[Sentence, str]]:
    """Every sentence of the pages, and the file that it stands in."""
    found = extract_from_dir(PACKAGE / "portal", _READERS, _OPTIONS, keywords=_KEYWORDS)
    for file, _, sentence, _, _ in found:
        yield sentence, file
    for sentence in (*WORDS.values(), WITHSTANDS, WITHSTANDS_NONE):
        yield sentence, "verdict_words.py"
    for sentence in MEANINGS.values():
        yield sentence, "matrix.py"
    for code, kind in every_problem().items():
        yield kind.title, code
        yield kind.next_step, code
    for sentence in FRAMEWORK:
        yield sentence, "problem.py"
    yield from _raised()


def _raised() -> Iterator[tuple[str, str]]:
    """What is said to whoever is refused, and the file that says it."""
    for pattern in RAISING:
        for file in sorted(PACKAGE.parent.glob(pattern)):
            if file.name not in _OF_OPERATORS:
                yield from ((sentence, file.name) for sentence in raised_in(file))


def violation_texts() -> Iterator[tuple[Sentence, str]]:
    """Every message and remedy of the catalogue of violations, and the code it belongs to."""
    for each in all_violations():
        yield each.message, each.code
        yield each.fix, each.code
    for words in STAND_INS:
        yield words, "spoken.py"
    for term in TERMS.values():
        yield term, "terms.py"


DOMAINS: Final = {PORTAL: sentences, VIOLATIONS: violation_texts}


def template_of(domain: str) -> Catalog:
    """All sentences of a domain, none translated."""
    template = Catalog(project="tumen", charset="utf-8", fuzzy=False)
    for sentence, place in DOMAINS[domain]():
        template.add(sentence, locations=[(place, 0)])
    return template


def updated(language: str, domain: str) -> Catalog:
    """The catalogue of a language with all sentences of now, in the order of the code."""
    file = LOCALE / language / f"{domain}.po"
    known = Catalog(locale=language)
    if file.is_file():
        with file.open("rb") as source:
            known = read_po(source, locale=language)
    fresh = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for each in template_of(domain):
        if each.id:
            old = known.get(each.id)
            fresh.add(each.id, "" if old is None else old.string, locations=each.locations)
    return fresh


HEADER: Final = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plural_forms}\\n"

"""
"""No more than reading needs: a name or a day of writing would change without a reason."""


def write(catalogue: Catalog, language: str, domain: str) -> None:
    """Write a catalogue."""
    head = HEADER.format(language=language, plural_forms=catalogue.plural_forms)
    (LOCALE / language).mkdir(exist_ok=True)
    with (LOCALE / language / f"{domain}.po").open("wb") as target:
        target.write(head.encode())
        write_po(target, catalogue, omit_header=True, include_lineno=False, width=100)


def main() -> None:
    """Write all catalogues again."""
    for language in LANGUAGES:
        if language == ENGLISH:
            continue
        for domain in DOMAINS:
            catalogue = updated(language, domain)
            missing = sum(1 for each in catalogue if each.id and not all(_forms(each.string)))
            print(f"{language} {domain}: {len(catalogue)} sentences, {missing} not translated")
            write(catalogue, language, domain)


def _forms(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (string or "",) if string is None or isinstance(string, str) else tuple(string)


if __name__ == "__main__":
    main()
