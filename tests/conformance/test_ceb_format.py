"""The format check gives the verdict of the CEB 202205 schema, on the samples and on mutations.

Documented differences: numbers with 13 or more digits before the point, control characters that
XML allows (U+007F to U+009F), and the inside of a signature, which is not judged yet.
"""

import random
from copy import deepcopy
from pathlib import Path

import pytest
from lxml import etree

from tumen.documents.check import judge
from tumen.documents.fields import Part, fields
from tumen.documents.formats.ceb import read
from tumen.documents.formats.envelope import CEB, MESSAGES, NAMESPACE
from tumen.documents.formats.sources import Source

SHARED = Path(__file__).parents[2] / "../shared/conformance/ceb"
SCHEMA = SHARED / "xsd/海关跨境进口业务节点报文定义202205.xsd"
SAMPLES = SHARED / "samples_import"
MUTATIONS = 100
"""Mutated messages of each kind."""

VALUES = ["", " ", "1", "-1", "+0.50", "1.", ".5", ".", "1.123456", "1.100000", "1e3", "NaN", "0x1",
          " 12 ", "12\n", "1 2", "000000000000000000012", "999999999999.99999", "0.000001", "142",
          "156", "2147483647", "2147483648", "-2147483649", "999999999", "1000000000", "汉" * 3,
          "a" * 14, "a" * 36, "b" * 101, "汉" * 1001, "２", "\t", "1,000"]  # fmt: skip


pytestmark = pytest.mark.skipif(
    not SCHEMA.exists(), reason="needs ../shared/conformance/ceb, which is not in the repository"
)


class Schema:
    """The verdict of the schema, by libxml2.

    An empty element whose value the schema fixes has that value (XML Schema part 1, 3.3.4,
    Element Locally Valid 5.1); libxml2 refuses it, so it is filled in first.
    """

    def __init__(self) -> None:
        self._schema = etree.XMLSchema(etree.parse(str(SCHEMA)))

    def validate(self, message: etree._Element) -> bool:
        filled = deepcopy(message)
        for currency in filled.iter(f"{CEB}currency"):
            currency.text = "142" if not len(currency) and not currency.text else currency.text
        return bool(self._schema.validate(filled))


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema()


def sample(root: str) -> etree._Element:
    message = etree.parse(
        str(SAMPLES / f"{root}.xml"), etree.XMLParser(remove_blank_text=True, remove_comments=True)
    ).getroot()
    name = f"{{{NAMESPACE}}}{MESSAGES[root].document}"
    for surplus in message.findall(name)[2:]:
        message.remove(surplus)
    return message


def codes(message: etree._Element, path: Path) -> set[str]:
    path.write_bytes(etree.tostring(message, xml_declaration=True, encoding="UTF-8"))
    found: set[str] = set()
    for texts in read(Source.of(path)):
        batch = judge(texts)
        assert batch.rows.height >= 1
        found.update(batch.violations["code"])
    return found


def places(message: etree._Element) -> list[etree._Element]:
    """Every element outside the signature."""
    return [
        element
        for element in message.iter(f"{{{NAMESPACE}}}*")
        if not any(above.tag.endswith("}Signature") for above in element.iterancestors())
    ]


def mutate(message: etree._Element, chance: random.Random) -> str:
    element = chance.choice(places(message))
    while element is message:
        element = chance.choice(places(message))
    parent = element.getparent()
    leaf = len(element) == 0
    kinds = ["drop", "twice", "swap", "insert", "attribute", "stray"]
    kind = chance.choice([*kinds, *(["value"] * 12 if leaf else [])])
    if kind == "drop":
        parent.remove(element)
    elif kind == "twice":
        element.addnext(deepcopy(element))
    elif kind == "swap" and element.getnext() is not None:
        element.getnext().addnext(element)
    elif kind == "insert":
        element.addnext(etree.Element(f"{CEB}unheardOf"))
    elif kind == "attribute":
        element.set("colour", "red")
    elif kind == "stray":
        element.tail = "stray"
    elif kind == "value":
        element.text = chance.choice(VALUES)
    return f"{kind} {element.tag} {element.text!r}"


@pytest.mark.parametrize("root", list(MESSAGES))
def test_the_official_samples_are_valid_in_every_field(
    root: str, schema: Schema, tmp_path: Path
) -> None:
    message = etree.parse(str(SAMPLES / f"{root}.xml")).getroot()
    assert schema.validate(message)
    assert codes(message, tmp_path / "message.xml") == set()


@pytest.mark.parametrize("root", list(MESSAGES))
def test_mutated_messages_get_the_verdict_of_the_schema(
    root: str, schema: Schema, tmp_path: Path
) -> None:
    chance = random.Random(f"mutations of {root}")
    invalid = 0
    for _ in range(MUTATIONS):
        message = sample(root)
        done = [mutate(message, chance) for _ in range(chance.choice([1, 1, 1, 2]))]
        expected = schema.validate(message)
        found = codes(message, tmp_path / "message.xml")
        assert (not found) == expected, (done, found)
        invalid += not expected
    assert 0 < invalid < MUTATIONS


@pytest.mark.parametrize("root", list(MESSAGES))
def test_every_field_left_out_emptied_or_lengthened_gets_the_verdict_of_the_schema(
    root: str, schema: Schema, tmp_path: Path
) -> None:
    for field in (f for part in Part for f in fields(MESSAGES[root].kind, part)):
        for change in ("drop", "", "汉" * ((field.length_max or 20) + 1)):
            message = sample(root)
            element = next(message.iter(f"{CEB}{MESSAGES[root].document}")).find(
                f".//{CEB}{field.ceb}"
                if field.part is Part.HEAD or MESSAGES[root].line is None
                else f"{CEB}{MESSAGES[root].line}/{CEB}{field.ceb}"
            )
            if element is None:
                continue
            if change == "drop":
                element.getparent().remove(element)
            else:
                element.text = change
            found = codes(message, tmp_path / "message.xml")
            assert (not found) == schema.validate(message), (field.ceb, change, found)


def test_thirteen_digits_before_the_point_are_the_documented_difference(
    schema: Schema, tmp_path: Path
) -> None:
    message = sample("CEB411Message")
    next(message.iter(f"{CEB}amountPaid")).text = "1234567890123.5"
    assert schema.validate(message)
    assert codes(message, tmp_path / "message.xml") == {"NUMBER_TOO_LARGE"}


def test_a_control_character_that_xml_allows_is_the_documented_difference(
    schema: Schema, tmp_path: Path
) -> None:
    message = sample("CEB411Message")
    next(message.iter(f"{CEB}note")).text = "a\x85b"
    assert schema.validate(message)
    assert codes(message, tmp_path / "message.xml") == {"CONTROL_CHARACTER"}
