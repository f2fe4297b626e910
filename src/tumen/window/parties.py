"""Parties: which names of a batch resemble a name of a watch list, across scripts.

A resemblance is for a person to judge; it never refuses (docs/screening.md).

1. A name is **normalised**: compatibility forms folded, small letters, accents and punctuation
   gone, Cyrillic transliterated, legal forms dropped, words sorted.
2. Most names are **dismissed by a look-up**: names of the list lie under a few exact keys each.
   Short names have one key, themselves. Longer ones are known by their consonants: all of them,
   all but one, or, for very long names, the first and the last few.
3. What shares a key is **scored** by rapidfuzz on the normalised names.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from unicodedata import combining, is_normalized, normalize

import polars as pl
from rapidfuzz import fuzz

from tumen.kernel.chains import repeated

SCORE_MIN: Final = 88
"""Lowest similarity (0 to 100) of a hit. The node's own policy, as are the figures below."""

WORD_SCORE_MIN: Final = 75
"""Lowest similarity of each word to one of the other name, unless their consonants are the same:
``aleksandr sokolov`` and ``aleksandr nikolov`` are alike only because of the first name."""

EXACT_LETTERS_MAX: Final = 11
"""Alphabetic names up to this length match only exactly: in ``wang jing`` and ``wang ying`` one
letter makes another person."""

EXACT_CHARACTERS_MAX: Final = 4
"""Names in Chinese, Japanese or Korean characters up to this length match only exactly."""

DELETION_LENGTH_MAX: Final = 12
"""Longest row of consonants that is looked up with one left out; longer ones go by both ends."""

END_LENGTH: Final = 8
"""Consonants at either end of a long name that are a key of it."""

CYRILLIC: Final = str.maketrans(
    dict(zip("абвгдеёзийклмнопрстуфыэіґөүһ", "abvgdeeziyklmnoprstufyeigouh", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": ""}
    | {"ю": "yu", "я": "ya", "ї": "i", "є": "ye", "ў": "u"}
)
"""Cyrillic to Latin as in the BGN/PCGN tables that the lists use, without signs: Russian, and the
letters that Ukrainian, Belarusian and Mongolian add."""

LATIN: Final = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
"""Latin letters that have no accent to drop."""

LEGAL_FORMS: Final = frozenset(
    {
        "ab",
        "ag",
        "ao",
        "as",
        "bv",
        "co",
        "company",
        "corp",
        "corporation",
        "cjsc",
        "fzc",
        "fze",
        "fzco",
        "gmbh",
        "inc",
        "incorporated",
        "jsc",
        "kft",
        "kk",
        "limited",
        "llc",
        "llp",
        "lp",
        "ltd",
        "nv",
        "oao",
        "ojsc",
        "ooo",
        "oy",
        "pao",
        "pjsc",
        "plc",
        "pte",
        "pty",
        "sa",
        "sarl",
        "spa",
        "srl",
        "tov",
        "xxk",
        "zao",
    }
)
"""Words of an alphabetic name that say what it is in law and not who it is."""

LEGAL_FORMS_CJK: Final = re.compile(
    "股份有限公司|有限责任公司|有限責任公司|有限公司|公司|株式会社|有限会社|合同会社|주식회사|유한회사"
)

PATRONYMIC: Final = re.compile(r"\w{2,}(ovich|evich|yevich|ovna|evna|yevna|ichna|inichna)$")
"""A Russian patronymic: names are written with it and without."""

_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_CJK: Final = re.compile(r"[぀-ヿ㐀-鿿豈-﫿가-힣ᄀ-ᇿ]")
_APOSTROPHES: Final = re.compile(r"(?<=\w)['’‘ʼ`.](?=\w)")
_VOWELS: Final = str.maketrans({"x": "ks", "q": "k", "c": "k", "w": "v"} | dict.fromkeys("aeiouy "))
_DOUBLED: Final = re.compile(r"(.)\1+")


def is_cjk(name: str) -> bool:
    """Whether a name has Chinese, Japanese or Korean characters."""
    return _CJK.search(name) is not None


def words_of(name: str) -> list[str]:
    """The words of a name, normalised; legal forms dropped unless nothing is left.

    They are sorted by their consonants, so that Elena and Yelena stand in the same place.

    >>> words_of("Степанов, Владлен"), words_of("STEPANOV Vladlén")
    (['stepanov', 'vladlen'], ['stepanov', 'vladlen'])
    >>> words_of("Ko Ch'ol-man"), words_of("Des International Co., Ltd.")
    (['ko', 'chol', 'man'], ['des', 'international'])
    """
    plain = normalize("NFKC", name).casefold().translate(CYRILLIC)
    if not plain.isascii():
        bare = "".join(sign for sign in normalize("NFKD", plain) if not combining(sign))
        plain = normalize("NFC", bare).translate(LATIN)
    found = _WORD.findall(_APOSTROPHES.sub("", plain))
    kept = [word for word in found if word not in LEGAL_FORMS] or found
    return sorted(kept, key=_by_consonants) if len(kept) > 1 else kept


def _by_consonants(word: str) -> tuple[str, str]:
    return _consonants(word), word


def forms_of(name: str) -> list[str]:
    """The forms of a name that are compared: one, or two where the order of words is open.

    Blanks between Chinese, Japanese or Korean characters come and go.

    >>> forms_of("Lazarov, Lázár"), forms_of("ロシアン　株式会社"), forms_of("斯坦恩·托德")
    (['lazar lazarov'], ['ロシアン'], ['斯坦恩托德', '托德斯坦恩'])
    """
    if not is_cjk(name):
        return [" ".join(words_of(name))]
    folded = (name if is_normalized("NFKC", name) else normalize("NFKC", name)).casefold()
    if len(folded) <= EXACT_CHARACTERS_MAX and folded.isalpha():
        return [folded]
    words = _WORD.findall(LEGAL_FORMS_CJK.sub(" ", folded)) or _WORD.findall(folded)
    return list(dict.fromkeys(["".join(words), "".join(sorted(words))]))


def without_patronymic(name: str) -> str | None:
    """A normalised name without its patronymic; None where it has none, or little else.

    >>> without_patronymic("stepanov vladlen yurievich")
    'stepanov vladlen'
    """
    words = name.split(" ")
    kept = [word for word in words if not PATRONYMIC.match(word)]
    return " ".join(kept) if 2 <= len(kept) < len(words) else None


def skeleton(name: str) -> str:
    """What of a normalised name survives transliteration: its consonants, doubled ones once.

    >>> skeleton("aleksei mokhammad"), skeleton("alexey mokhamed")
    ('lksmkhmd', 'lksmkhmd')
    """
    return name if not name.isascii() and is_cjk(name) else _consonants(name)


def _consonants(text: str) -> str:
    return _DOUBLED.sub(r"\1", text.translate(_VOWELS))


def is_exact(name: str) -> bool:
    """Whether a normalised name is so short that only the same name matches."""
    return len(name) <= (EXACT_CHARACTERS_MAX if is_cjk(name) else EXACT_LETTERS_MAX)


def keys_of(name: str, *, listed: bool) -> Iterator[str]:
    """The keys under which a normalised name lies, or is looked up.

    A listed name at the border of the two ways lies under the keys of both.
    """
    if is_exact(name):
        yield name
        return
    bones = skeleton(name)
    border = 1 if listed else 0
    yield "=" + bones
    if len(bones) <= DELETION_LENGTH_MAX + border:
        yield from ("=" + bones[:at] + bones[at + 1 :] for at in range(len(bones)))
    if len(bones) > DELETION_LENGTH_MAX - border:
        yield "<" + bones[:END_LENGTH]
        yield ">" + bones[-END_LENGTH:]


class _Listed(NamedTuple):
    """A normalised name of a list; ``is_bare`` where its patronymic was left out."""

    name: str
    list_name: str
    is_bare: bool


@dataclass(frozen=True, slots=True)
class PartyIndex:
    """The names of watch lists, ready to be looked up.

    Attributes:
        listed: key -> the listed names that lie under it.
    """

    listed: Mapping[str, tuple[_Listed, ...]] = field(default_factory=dict)

    @staticmethod
    def build(names: pl.DataFrame) -> "PartyIndex":
        """An index of names.

        Args:
            names: name and list_name, a line for each name and alias; other columns, such as
                entry_id, are ignored.
        """
        found: dict[str, list[_Listed]] = defaultdict(list)
        pairs = names.select("name", "list_name").unique(maintain_order=True)
        for name, list_name in pairs.iter_rows():
            for listed in _variants(name, list_name):
                for key in dict.fromkeys(keys_of(listed.name, listed=True)):
                    found[key].append(listed)
        return PartyIndex({key: tuple(those) for key, those in found.items()})

    def hits(self, names: pl.Series) -> pl.Series:
        """For each name the lists that have one like it, each once; null where none has."""
        distinct = sorted(set(names.to_list()) - {None}) if self.listed else []
        found = {name: lists for name in distinct if (lists := self.lists_like(name))}
        if not found:
            return repeated(names.name, None, len(names), pl.List(pl.String))
        return pl.Series(names.name, [found.get(name) for name in names], pl.List(pl.String))

    def lists_like(self, name: str) -> list[str]:
        """The lists that have a name like this one, in alphabetical order."""
        return sorted({listed.list_name for form in forms_of(name) for listed in self._like(form)})

    def _like(self, form: str) -> Iterator[_Listed]:
        yield from self._alike(form)
        bare = without_patronymic(form)
        if bare:
            yield from (listed for listed in self._alike(bare) if not listed.is_bare)

    def _alike(self, form: str) -> Iterator[_Listed]:
        for key in keys_of(form, listed=False):
            for listed in self.listed.get(key, ()):
                if is_alike(form, listed.name):
                    yield listed


def _variants(name: str, list_name: str) -> Iterator[_Listed]:
    """A name as it stands, with its hyphens closed up, and without a patronymic."""
    forms = {*forms_of(name), *forms_of(name.replace("-", ""))}
    for form in sorted(forms - {""}):
        yield _Listed(form, list_name, is_bare=False)
        bare = without_patronymic(form)
        if bare:
            yield _Listed(bare, list_name, is_bare=True)


def is_alike(one: str, other: str) -> bool:
    """Whether two normalised names are near enough to be shown to a person.

    >>> is_alike("mokhammad rezai karimi", "mokhamad rezai karimi")
    True
    >>> is_alike("wang jing", "wang ying")
    False
    """
    if one == other:
        return True
    if is_exact(one) or is_exact(other) or fuzz.ratio(one, other) < SCORE_MIN:
        return False
    words, others = one.split(" "), other.split(" ")
    return len(words) != len(others) or all(_is_word_alike(word, others) for word in words)


def _is_word_alike(word: str, others: list[str]) -> bool:
    bones = skeleton(word)
    return any(
        fuzz.ratio(word, other) >= WORD_SCORE_MIN or skeleton(other) == bones for other in others
    )
