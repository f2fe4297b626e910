"""A line of NDJSON is a shipment, or says why it is none."""

import pickle
from pathlib import Path

import pytest

from tumen.kernel.limits import DOCUMENT_BYTES_MAX
from tumen.law.native.reading import read
from tumen.law.native.told import KeyTwice, Told, decoded, of_line


def test_a_line_gives_the_shipment_its_reference_and_its_place() -> None:
    told = of_line(b'{"shipment": "A-1", "destination": "JP", "items": [{}, {}]}', 7, "x.ndjson")
    assert told == Told(7, {"destination": "JP", "items": [{}, {}]}, "A-1", (), "x.ndjson")
    assert told.items == 2
    assert of_line(b'{"shipment": 12}', 1).reference == "12"


def test_a_line_may_say_that_it_is_a_shipment_as_other_documents_must() -> None:
    assert of_line(b'{"kind": "shipment", "destination": "JP"}', 1).native == {"destination": "JP"}
    assert of_line(b'{"kind": "order"}', 1).native == {"kind": "order"}
    examples = Path(__file__).parents[3] / "examples/shipments.ndjson"
    read_as = [read(of_line(line, 1).native)[1] for line in examples.read_bytes().splitlines()]
    faults = [[each.code for each in faults] for faults in read_as if faults]
    assert faults == [["NUMBER_MALFORMED"]]  # the one that is there to be mended


def test_a_number_with_a_point_keeps_its_digits() -> None:
    assert decoded('{"a": 1.10, "b": NaN}') == {"a": "1.10", "b": "NaN"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"x", "JSON_MALFORMED"),
        (b"\xff", "TEXT_NOT_UTF8"),
        (b"[]", "JSON_NOT_OBJECT"),
        (b"null", "JSON_NOT_OBJECT"),
        (b'{"a": {"b": 1, "b": 2}}', "KEY_TWICE"),
        (b'{"shipment": []}', "VALUE_NOT_TEXT"),
        (b"[" * 100_000, "NESTING_TOO_DEEP"),
        (b'{"a": ' + b"1" * 10_000 + b"}", "JSON_MALFORMED"),
        (b'{"a": "' + b"x" * DOCUMENT_BYTES_MAX + b'"}', "DOCUMENT_TOO_LARGE"),
    ],
)
def test_a_line_that_is_no_shipment_says_why(line: bytes, code: str) -> None:
    told = of_line(line, 1)
    assert [fault.code for fault in told.faults] == [code]
    assert told.items == 1
    assert pickle.loads(pickle.dumps(told)) == told  # noqa: S301


def test_a_field_that_stands_twice_is_found_among_very_many() -> None:
    """Looking at each for each would take minutes, and who asks needs no key."""
    fields = ", ".join(f'"f{number}": 1' for number in (*range(100_000), 99_999))
    with pytest.raises(KeyTwice) as raised:
        decoded("{" + fields + "}")
    assert raised.value.name == "f99999"
