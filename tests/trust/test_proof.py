"""A proof is read in one form only."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import PROOF_BYTES_MAX
from tumen.trust import proof
from tumen.trust.proof import Proof

HASH = bytes(range(32))
MADE = Proof(bytes(32) + b"{}", 5, (HASH, HASH), "example.com/log\n9\nroot\n\n— n sig\n".encode())
TEXT = MADE.to_bytes()


def test_a_proof_is_laid_out_as_the_specification_shows():
    head, _, checkpoint = TEXT.partition(b"\n\n")
    assert head.decode().split("\n") == [
        "c2sp.org/tlog-proof@v1",
        "extra " + b64encode(bytes(32) + b"{}").decode(),
        "index 5",
        *[b64encode(HASH).decode()] * 2,
    ]
    assert checkpoint == MADE.checkpoint


@given(
    st.none() | st.binary(min_size=1, max_size=60),
    st.integers(0, (1 << 63) - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=5).map(tuple),
    st.binary(min_size=1, max_size=50),
)
def test_a_proof_is_read_as_it_was_written(extra, index, hashes, checkpoint):
    made = Proof(extra, index, hashes, checkpoint)
    assert proof.parse(made.to_bytes()) == made


def test_salt_and_statement_are_told_apart():
    assert (MADE.salt, MADE.statement) == (bytes(32), b"{}")
    for extra in (None, bytes(32), b"short"):
        with pytest.raises(VerificationError) as refused:
            _ = Proof(extra, 0, (), b"x").statement
        assert refused.value.code == "EXTRA_MISSING"


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        TEXT.replace(b"@v1", b"@v2"),
        b"\n" + TEXT,
        TEXT.replace(b"index 5", b"index 05"),
        TEXT.replace(b"index 5", b"index  5"),
        TEXT.replace(b"index 5", b"index -5"),
        TEXT.replace(b"index 5", b"index 9223372036854775808"),
        TEXT.replace(b"index 5\n", b""),
        TEXT.replace(b"index 5\n", b"index 5\nindex 5\n"),
        TEXT.replace(b"extra ", b"extra"),
        TEXT.replace(b"extra ", b"extra \xff"),
        TEXT.replace(b"index", b"extra \nindex"),
        TEXT.replace(b"=\n\n", b"\n\n"),
        TEXT.replace(b"\n", b"\r\n"),
        TEXT.partition(b"\n\n")[0] + b"\n\n",
        TEXT.partition(b"\n\n")[0],
        TEXT.replace(b64encode(HASH), b64encode(HASH[:-1]), 1),
        TEXT.replace(b64encode(HASH) + b"\n", (b64encode(HASH) + b"\n") * 32),
        bytes(PROOF_BYTES_MAX + 1),
    ],
)
def test_every_other_form_of_a_proof_is_refused(broken):
    assert broken != TEXT
    with pytest.raises(VerificationError):
        proof.parse(broken)


@given(st.binary(max_size=200))
def test_bytes_are_a_proof_or_refused_and_nothing_else(data):
    for attempt in (data, TEXT[:60] + data, TEXT.partition(b"\n\n")[0] + data):
        try:
            assert proof.parse(attempt).to_bytes() == attempt
        except VerificationError:
            continue
