"""A statement has one form, and its commitment tells nothing without the salt."""

from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.kernel.errors import VerificationError
from tumen.trust import statement
from tumen.trust.statement import (
    ArtefactStatement,
    BatchStatement,
    DocumentStatement,
    EventStatement,
    ListStatement,
    commitment,
    commitments,
    encode,
    parse,
    to_bytes,
)

HASH = sha256(b"something").digest()
HEX = HASH.hex()
EXAMPLES = {
    DocumentStatement(1, "order", HASH, "accepted", 120, HASH, HASH): (
        f'{{"type":"document","id":1,"kind":"order","content":"{HEX}","answer":"accepted",'
        f'"status":120,"receipt":"{HEX}","facts":"{HEX}"}}'
    ),
    DocumentStatement(9, None, None, "rejected", -621001, None, HASH): (
        '{"type":"document","id":9,"kind":null,"content":null,"answer":"rejected",'
        f'"status":-621001,"receipt":null,"facts":"{HEX}"}}'
    ),
    EventStatement(1, 1, "released", "green", date(2026, 11, 24), None, HASH): (
        '{"type":"event","id":1,"document":1,"status":"released","lane":"green",'
        f'"day":"2026-11-24","receipt":null,"facts":"{HEX}"}}'
    ),
    BatchStatement(1, HASH): f'{{"type":"batch","id":1,"facts":"{HEX}"}}',
    ListStatement(1, HASH): f'{{"type":"list","id":1,"facts":"{HEX}"}}',
    ArtefactStatement(1, "trust_bundle", HASH, HASH): (
        f'{{"type":"artefact","id":1,"kind":"trust_bundle","content":"{HEX}","facts":"{HEX}"}}'
    ),
}

hashes = st.binary(min_size=32, max_size=32)
words = st.from_regex(statement.WORD_FORM, fullmatch=True)
numbers = st.integers(1, statement.NUMBER_MAX)
statements = st.one_of(
    st.builds(
        DocumentStatement,
        numbers,
        st.none() | words,
        st.none() | hashes,
        words,
        st.none() | st.integers(-statement.STATUS_MAX, statement.STATUS_MAX),
        st.none() | hashes,
        hashes,
    ),
    st.builds(
        EventStatement,
        *(numbers, numbers, words, st.none() | words, st.dates(), st.none() | hashes, hashes),
    ),
    st.builds(BatchStatement, numbers, hashes),
    st.builds(ListStatement, numbers, hashes),
    st.builds(ArtefactStatement, numbers, words, hashes, hashes),
)


@pytest.mark.parametrize(("made", "text"), EXAMPLES.items(), ids=lambda each: type(each).__name__)
def test_a_statement_is_written_as_the_decision_shows_it(made, text):
    assert to_bytes(made) == text.encode()
    assert parse(text.encode()) == made


@given(statements)
def test_a_statement_is_read_as_it_was_written(made):
    assert parse(to_bytes(made)) == made


@given(st.lists(st.tuples(words, hashes), max_size=8))
def test_many_are_written_as_each_by_itself(rows):
    columns = (
        range(1, len(rows) + 1),
        [word for word, _ in rows],
        *([hash_ for _, hash_ in rows],) * 2,
    )
    together = encode(ArtefactStatement, *columns)
    assert together == [
        to_bytes(ArtefactStatement(number, word, hash_, hash_))
        for number, (word, hash_) in enumerate(rows, 1)
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"id":1', '"id":01'),
        ('"id":1', '"id":0'),
        ('"id":1', '"id":-1'),
        ('"id":1', '"id":1.0'),
        ('"id":1', '"id":9223372036854775808'),
        ('"id":1', '"id":1,"id":1'),
        ('"id":1', '"id": 1'),
        ('"id":1,', ""),
        ('"status":120', '"status":NaN'),
        ('"status":120', '"status":-0'),
        ('"status":120', '"status":9999999999'),
        ('"status":120', '"status":"120"'),
        ('"kind":"order"', '"kind":"Order"'),
        ('"kind":"order"', '"kind":"\\u006frder"'),
        ('"kind":"order"', '"kind":""'),
        (HEX, HEX.upper()),
        (HEX, HEX[:-2]),
        ('"answer":"accepted"', '"answer":null'),
        ("}", ',"more":1}'),
        ("}", "}\n"),
        ('{"type"', ' {"type"'),
        ('"type":"document"', '"type":"list"'),
    ],
)
def test_every_other_form_of_a_statement_is_refused(old, new):
    text = next(iter(EXAMPLES.values()))
    changed = text.replace(old, new)
    assert changed != text
    with pytest.raises(VerificationError) as refused:
        parse(changed.encode())
    assert refused.value.code == "STATEMENT_MALFORMED"


@pytest.mark.parametrize("day", ["2026-02-30", "0000-01-01", "2026-13-01", "2026-1-01"])
def test_a_day_that_no_calendar_has_is_refused(day):
    text = list(EXAMPLES.values())[2].replace("2026-11-24", day)
    with pytest.raises(VerificationError):
        parse(text.encode())


@pytest.mark.parametrize(
    "wrong",
    [
        BatchStatement(0, HASH),
        BatchStatement(1 << 63, HASH),
        BatchStatement(1, HASH[:-1]),
        ArtefactStatement(1, 'a","content":"', HASH, HASH),
        DocumentStatement(1, "order", HASH, "accepted", 1 << 31, HASH, HASH),
    ],
)
def test_what_no_statement_can_hold_is_not_written(wrong):
    with pytest.raises(VerificationError) as refused:
        to_bytes(wrong)
    assert refused.value.code == "STATEMENT_INVALID"


@given(st.binary(max_size=300))
def test_bytes_are_a_statement_or_refused_and_nothing_else(data):
    with pytest.raises(VerificationError):
        parse(data)


def test_a_commitment_is_the_hash_of_its_domain_salt_and_statement():
    salt, text = bytes(range(32)), b"{}"
    assert commitment(salt, text) == sha256(b"tumen.leaf.v1\n" + salt + text).digest()
    assert commitments(salt + salt, [text, b"x"]) == [
        commitment(salt, text),
        commitment(salt, b"x"),
    ]


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
def test_a_salt_of_another_length_is_refused(salt):
    for attempt in (lambda: commitment(salt, b"{}"), lambda: commitments(salt, [b"{}"])):
        with pytest.raises(VerificationError) as refused:
            attempt()
        assert refused.value.code == "SALT_LENGTH_WRONG"


def test_the_same_statement_under_another_salt_is_another_leaf():
    text = to_bytes(BatchStatement(1, HASH))
    assert commitment(bytes(32), text) != commitment(bytes(31) + b"\x01", text)
