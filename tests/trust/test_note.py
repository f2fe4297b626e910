"""A signed note is read in one form only, and believed only for a known key."""

import re
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from noteworthy import Hand

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX
from tumen.trust import note
from tumen.trust.note import COSIGNATURE_V1, VerifierKey

LOG = Hand("customs.example/log")
OTHER = Hand("zone.example/log")
TEXT = "customs.example/log\n3\nтүмэн\n\nрасписка\n"
SIGNED = LOG.note(TEXT)

# The example of C2SP signed-note; its public key is not published, so it is only read.
PUBLISHED = """Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""  # noqa: E501


def refusal(data):
    with pytest.raises(VerificationError) as refused:
        note.parse(data)
    return refused.value.code


def test_the_published_example_is_read_and_written_alike():
    read = note.parse(PUBLISHED.encode())
    assert read.to_bytes() == PUBLISHED.encode()
    assert read.text.endswith("ed è subito sera.\n")
    assert read.signatures[0].name == "quasimodo.example/salvatore"
    assert len(read.signatures[0].value) == note.SIGNATURE_BYTES


def test_a_note_is_read_as_it_was_written_and_verified():
    read = note.parse(SIGNED)
    assert read.text == TEXT
    assert read.to_bytes() == SIGNED
    assert read.verified_by([LOG.key, OTHER.key]) == (LOG.key,)


def test_a_note_signed_by_nobody_known_is_refused():
    with pytest.raises(VerificationError) as refused:
        note.parse(SIGNED).verified_by([OTHER.key])
    assert refused.value.code == "SIGNATURE_MISSING"


def test_a_signature_of_a_known_key_must_hold_though_another_does():
    broken = bytearray(LOG.sign("another text\n").value)
    line = note.Signature(LOG.key.name, LOG.key.key_id, bytes(broken)).line()
    with pytest.raises(VerificationError) as refused:
        note.parse(OTHER.note(TEXT) + line.encode()).verified_by([OTHER.key, LOG.key])
    assert refused.value.code == "SIGNATURE_INVALID"


def test_a_signature_of_an_unknown_key_changes_nothing():
    with_other = SIGNED + OTHER.sign("anything\n").line().encode()
    assert note.parse(with_other).verified_by([LOG.key]) == (LOG.key,)


def test_a_witness_key_is_refused_for_a_text():
    witness = VerifierKey(LOG.key.name, COSIGNATURE_V1, LOG.key.public_key)
    with pytest.raises(VerificationError) as refused:
        note.parse(SIGNED).verified_by([witness])
    assert refused.value.code == "KEY_ROLE_WRONG"


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\n",
        b"\n\n",
        SIGNED[:-1],
        SIGNED + b"\n",
        SIGNED + b" ",
        SIGNED + b"trailing\n",
        SIGNED.replace(b"\n\n\xe2\x80\x94", b"\n\xe2\x80\x94"),
        SIGNED.replace(b"\n", b"\r\n"),
        SIGNED.replace("— ".encode(), b"- "),
        SIGNED.replace("— ".encode(), "—  ".encode()),
        SIGNED.replace("— ".encode(), "—\xa0".encode()),
        SIGNED.replace("түмэн".encode(), b"\xff\xfe"),
        SIGNED.replace("түмэн".encode(), b"tab\there"),
        SIGNED.replace("түмэн".encode(), b"nul\x00"),
        re.sub(rb"=?=\n$", b"\n", SIGNED),
        SIGNED.replace("— customs".encode(), "— cus+toms".encode()),
        TEXT.encode() + b"\n\xe2\x80\x94 a.example " + b64encode(b"1234") + b"\n",
    ],
)
def test_every_other_form_of_a_note_is_refused(broken):
    assert refusal(broken) == "NOTE_MALFORMED" or b"cus+toms" in broken


def test_base64_has_one_form_only():
    line = LOG.sign(TEXT).line()
    last = line.rstrip("=\n")[-1]
    twisted = line.rstrip("=\n")[:-1] + chr(ord(last) + 1) + "=" * line.count("=") + "\n"
    assert refusal(f"{TEXT}\n{twisted}".encode()) == "NOTE_MALFORMED"


def test_a_note_has_limits_of_size_and_of_signatures():
    assert refusal(bytes(NOTE_BYTES_MAX + 1)) == "NOTE_TOO_LARGE"
    line = LOG.sign(TEXT).line()
    most = f"{TEXT}\n{line * NOTE_SIGNATURES_MAX}".encode()
    assert note.parse(most).verified_by([LOG.key])
    assert refusal(most + line.encode()) == "NOTE_TOO_LARGE"


@given(st.binary(max_size=200) | st.text(max_size=80).map(str.encode))
def test_bytes_are_a_note_or_refused_and_nothing_else(data):
    try:
        read = note.parse(data)
    except VerificationError:
        return
    assert read.to_bytes() == data


@given(st.text(max_size=80))
def test_a_text_is_a_key_or_refused_and_nothing_else(text):
    try:
        key = VerifierKey.parse(text)
    except VerificationError:
        return
    assert key.vkey == text


@pytest.mark.parametrize("key", [LOG.key, VerifierKey("w.example/1", COSIGNATURE_V1, bytes(32))])
def test_a_key_is_read_from_its_text(key):
    assert VerifierKey.parse(key.vkey) == key


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text.replace("+", "-", 1), "KEY_MALFORMED"),
        (lambda text: text.replace("+", "+0", 1), "KEY_MALFORMED"),
        (lambda text: text.replace("customs", "custom"), "KEY_ID_WRONG"),
        (lambda text: text + "\n", "KEY_MALFORMED"),
        (lambda text: text[:-1], "KEY_MALFORMED"),
        (lambda text: text.replace("customs", "cus toms"), "KEY_NAME_INVALID"),
        (lambda text: "x" * 256 + text, "KEY_NAME_INVALID"),
    ],
)
def test_a_key_in_another_form_is_refused(change, code):
    with pytest.raises(VerificationError) as refused:
        VerifierKey.parse(change(LOG.key.vkey))
    assert refused.value.code == code


def test_a_key_of_an_unknown_algorithm_or_length_is_refused():
    for algorithm, material, code in (
        (2, bytes(32), "KEY_ALGORITHM_UNKNOWN"),
        (1, bytes(31), "KEY_LENGTH_WRONG"),
    ):
        with pytest.raises(VerificationError) as refused:
            VerifierKey("a.example", algorithm, material)
        assert refused.value.code == code
