"""A status list that is not exactly one is refused."""

import gzip
import zlib

import pytest
from certified import INDEX, NOW, chamber
from hypothesis import given
from hypothesis import strategies as st

from tumen.kernel.errors import VerificationError
from tumen.trust.credential import status
from tumen.trust.credential.check import read_status
from tumen.trust.credential.encoding import to_base64url

BITS = status.with_revoked(frozenset({INDEX}))


def told(packed: bytes) -> str:
    return "u" + to_base64url(packed)


def gzipped(data: bytes) -> bytes:
    """Without the second it is made in."""
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (status.encode(BITS)[1:], "STATUS_MALFORMED"),
        ("z" + status.encode(BITS)[1:], "STATUS_MALFORMED"),
        (status.encode(BITS) + "=", "BASE64URL_INVALID"),
        (told(BITS), "STATUS_MALFORMED"),
        (told(zlib.compress(BITS)), "STATUS_MALFORMED"),
        (told(gzipped(BITS)[:-1]), "STATUS_MALFORMED"),
        (told(gzipped(BITS) + b"\0"), "STATUS_MALFORMED"),
        (told(gzipped(BITS) * 2), "STATUS_MALFORMED"),
        (told(gzipped(BITS[:-1])), "STATUS_TOO_SHORT"),
        (told(gzipped(bytes(64 << 20))), "TOO_LARGE"),
    ],
)
def test_a_list_of_another_form_is_refused(text: str, expected: str) -> None:
    with pytest.raises(VerificationError) as refused:
        status.decode(text)
    assert refused.value.code == expected


@given(st.sets(st.integers(0, 131_071), max_size=20), st.integers(0, 131_071))
def test_a_bit_is_set_where_it_was_set_and_nowhere_else(revoked: set[int], index: int) -> None:
    listed = status.StatusList(
        "list", status.Issuer("a", "b"), NOW, status.decode(status.encode(
            status.with_revoked(frozenset(revoked))))
    )  # fmt: skip
    assert listed.is_revoked(index) is (index in revoked)


def test_an_entry_beyond_the_list_is_refused() -> None:
    body = chamber()
    listed, owner = read_status(body.status(), body.situation())
    assert owner.name == body.name
    with pytest.raises(VerificationError, match="no entry"):
        listed.is_revoked(131_072)


def test_the_same_bits_give_the_same_list() -> None:
    assert status.encode(BITS) == status.encode(bytes(BITS))
    assert len(status.encode(BITS)) < 200
