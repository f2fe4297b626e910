"""SM2 and SM3 against the examples of their standards, and against the openssl command."""

import subprocess
from pathlib import Path

import pytest
from signing import key_of, needs, pair

from tumen.kernel.errors import VerificationError
from tumen.trust.xmldsig import libcrypto, sm2, sm2_signing

# GB/T 32905-2016, annex A; GB/T 32918.5-2017, annex A.
ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
ABCD_16 = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
POINT = (
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
R_AND_S = (
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)
KEY = bytes.fromhex("3059" + sm2.KEY_PREFIX.hex() + POINT)
SIGNED = b"message digest"


@pytest.fixture(autouse=True)
def _available() -> None:
    needs("sm2")


def test_the_digests_of_the_standard_are_found() -> None:
    assert sm2.sm3(b"abc").hex() == ABC
    assert sm2.sm3(b"abcd" * 16).hex() == ABCD_16


def test_the_signature_of_the_standard_is_right_in_both_forms() -> None:
    raw = bytes.fromhex(R_AND_S)
    der = sm2.der_of(raw)
    assert der is not None
    assert sm2_signing.raw_of(der) == raw
    assert sm2.verify(KEY, SIGNED, raw)
    assert sm2.verify(KEY, SIGNED, der)


@pytest.mark.parametrize("at", range(64))
def test_no_bit_of_it_can_be_changed(at: int) -> None:
    raw = bytearray.fromhex(R_AND_S)
    raw[at] ^= 1 << at % 8
    assert not sm2.verify(KEY, SIGNED, bytes(raw))
    assert not sm2.verify(KEY, SIGNED + bytes([at]), bytes.fromhex(R_AND_S))


@pytest.mark.parametrize(
    "signature", [b"", b"\0", bytes(64), b"\xff" * 64, bytes(63), bytes(65), b"0\x06\x02\x01\x01"]
)
def test_what_is_no_signature_is_not_right(signature: bytes) -> None:
    assert not sm2.verify(KEY, SIGNED, signature)


def test_der_with_a_byte_after_it_or_another_form_is_refused() -> None:
    der = sm2.der_of(bytes.fromhex(R_AND_S))
    assert der is not None
    long_form = b"\x30\x81" + der[1:]
    assert not sm2.verify(KEY, SIGNED, der + b"\0")
    assert not sm2.verify(KEY, SIGNED, long_form)


@pytest.mark.parametrize("key", [b"", b"\x30", KEY[:-1], KEY + b"\0", KEY[:-1] + b"\0"])
def test_what_is_no_key_of_the_curve_verifies_nothing(key: bytes) -> None:
    assert not sm2.verify(key, SIGNED, bytes.fromhex(R_AND_S))


def test_a_key_of_another_kind_signs_nothing() -> None:
    rsa, _ = key_of("rsa-sha256")
    with pytest.raises(VerificationError, match="no SM2 key"):
        sm2_signing.sign(rsa.secret, SIGNED)


def test_the_openssl_command_agrees_both_ways(tmp_path: Path) -> None:
    key, _ = key_of("sm2")
    for name, content in (
        ("key", pair("sm2")[0]),
        ("message", SIGNED),
        ("ours", sm2_signing.sign(key.secret, SIGNED)),
    ):
        (tmp_path / name).write_bytes(content)
    openssl = ["openssl", "pkeyutl", "-inkey", "key", "-rawin", "-digest", "sm3", "-in", "message"]
    identifier = ["-pkeyopt", f"distid:{libcrypto.IDENTIFIER.decode()}"]
    told = subprocess.run(
        [*openssl, "-verify", "-sigfile", "ours", *identifier], cwd=tmp_path, capture_output=True
    )
    assert told.returncode == 0, told.stderr
    made = subprocess.run(
        [*openssl, "-sign", *identifier], cwd=tmp_path, capture_output=True, check=True
    )
    assert sm2.verify(key.public_key, SIGNED, made.stdout)
