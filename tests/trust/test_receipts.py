"""Receipts are found in their files byte for byte, and nothing can hide beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.documents.fields import Kind
from tumen.documents.receipt import envelope
from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import RECEIPT_FILE_BYTES_MAX
from tumen.trust.receipts import elements, lines

GUID = "4CDE1CFD-EDED-46B1-946C-B8022E42FC94"
ONE = f"<OrderReturn><guid>{GUID}</guid><returnInfo>新增 &lt;b&gt;</returnInfo></OrderReturn>"
TWO = ONE.replace("新增", "退单")
MESSAGE = envelope(Kind.ORDER, [ONE, TWO], GUID)
FORGED = ONE.replace("新增", "放行")


def test_the_elements_of_a_message_are_what_was_put_in_it():
    assert elements(MESSAGE) == [ONE.encode(), TWO.encode()]
    failure = "<MessageReturn><returnStatus>100</returnStatus></MessageReturn>"
    assert elements(envelope(None, [failure], GUID)) == [failure.encode()]


@pytest.mark.parametrize(
    "forged",
    [
        MESSAGE.replace(b"<OrderReturn>", f"<!--{ONE}-->{FORGED}<OrderReturn>".encode(), 1),
        MESSAGE.replace(b"<OrderReturn>", b"<OrderReturn xmlns=''>", 1),
        MESSAGE.replace(b"<OrderReturn>", b"<o:OrderReturn>", 1),
        MESSAGE.replace(b"<OrderReturn>", b"said otherwise <OrderReturn>", 1),
        MESSAGE.replace(b"</CEB312Message>", b"<!-- --></CEB312Message>"),
        MESSAGE + b"<!-- -->",
        MESSAGE + MESSAGE,
        MESSAGE.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY e "x">]>'),
        MESSAGE.replace(b"UTF-8", b"GB18030"),
        MESSAGE.decode().encode("utf-16"),
        MESSAGE.replace(b"guid=", b"xmlns:o='x' guid="),
        MESSAGE.replace(b"CEB312Message", b"CEB622Message", 1),
        MESSAGE[:-3],
        envelope(Kind.ORDER, [""], GUID),
        b"",
        b"<",
    ],
)
def test_a_message_in_another_form_is_refused(forged):
    assert forged != MESSAGE
    with pytest.raises(VerificationError) as refused:
        elements(forged)
    assert refused.value.code == "RECEIPT_MALFORMED"


@given(st.integers(0, len(MESSAGE)), st.binary(min_size=1, max_size=30))
def test_bytes_put_into_a_message_are_refused_or_within_a_receipt(place, more):
    try:
        found = elements(MESSAGE[:place] + more + MESSAGE[place:])
    except VerificationError:
        return
    opening = MESSAGE.index(b"<OrderReturn>")
    assert found != [ONE.encode(), TWO.encode()] or place < opening or more.strip(b"\n") == b""


def test_native_receipts_are_lines_as_they_stand():
    assert lines(b'{"a":1}\n{"b":"\xd0\xb0 "}\n') == [b'{"a":1}', b'{"b":"\xd0\xb0 "}']
    assert lines(b"") == []


def test_a_file_beyond_the_limit_is_refused():
    for reader in (lines, elements):
        with pytest.raises(VerificationError) as refused:
            reader(bytes(RECEIPT_FILE_BYTES_MAX + 1))
        assert refused.value.code == "RECEIPT_TOO_LARGE"
