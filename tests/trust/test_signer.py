"""Signatures are C2SP's, byte for byte, and a key of one kind never signs as another."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tumen.kernel.errors import UsageError
from tumen.trust.signer import KeyCosigner, KeySigner, MemorySecret, signed_note

SECRET = MemorySecret.from_seed(bytes(range(32)))
TEXT = "customs.example.mn/log\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def public() -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(SECRET.public_key)


def parts(line: str) -> tuple[str, bytes, bytes]:
    assert line.startswith("— ")
    assert line.endswith("\n")
    _, name, body = line.removesuffix("\n").split(" ")
    raw = base64.b64decode(body, validate=True)
    return name, raw[:4], raw[4:]


def test_a_signature_line_has_name_key_id_and_signature() -> None:
    name, identity, signature = parts(KeySigner("a.example/log", SECRET).sign(TEXT))
    assert name == "a.example/log"
    assert identity == hashlib.sha256(b"a.example/log\n\x01" + SECRET.public_key).digest()[:4]
    public().verify(signature, TEXT.encode())


def test_a_cosignature_signs_its_time_with_the_text() -> None:
    _, identity, stamped = parts(KeyCosigner("w.example/w1", SECRET).cosign(TEXT, 1679315147))
    assert identity == hashlib.sha256(b"w.example/w1\n\x04" + SECRET.public_key).digest()[:4]
    assert int.from_bytes(stamped[:8], "big") == 1679315147
    public().verify(stamped[8:], b"cosignature/v1\ntime 1679315147\n" + TEXT.encode())


def test_a_public_key_as_text_tells_its_kind() -> None:
    for signer, kind in ((KeySigner("x", SECRET), 1), (KeyCosigner("x", SECRET), 4)):
        name, identity, body = signer.verifier_key.split("+", 2)
        assert name == "x"
        assert base64.b64decode(body) == bytes([kind]) + SECRET.public_key
        assert bytes.fromhex(identity) == hashlib.sha256(
            b"x\n" + bytes([kind]) + SECRET.public_key
        ).digest()[:4]  # fmt: skip


def test_a_note_has_its_signatures_in_the_order_of_the_signers() -> None:
    signers = [KeySigner("one", SECRET), KeySigner("two", MemorySecret.from_seed(bytes(32)))]
    note = signed_note("text\n", signers).decode()
    assert note == f"text\n\n{signers[0].sign('text' + chr(10))}{signers[1].sign('text' + chr(10))}"


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "return\r\n", "zero\x00\n"])
def test_what_is_no_note_is_not_signed(text: str) -> None:
    with pytest.raises(UsageError):
        KeySigner("x", SECRET).sign(text)
    with pytest.raises(UsageError):
        KeyCosigner("x", SECRET).cosign(text, 1)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "a" * 256])
def test_a_name_that_no_key_may_have_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        _ = KeySigner(name, SECRET).verifier_key


@pytest.mark.parametrize("seconds", [-1, 2**63])
def test_a_time_that_no_cosignature_can_have_is_refused(seconds: int) -> None:
    with pytest.raises(UsageError):
        KeyCosigner("x", SECRET).cosign(TEXT, seconds)


def test_the_text_form_of_a_signer_shows_no_secret() -> None:
    seed = bytes(range(32))
    for shown in (repr(SECRET), str(KeySigner("x", SECRET)), repr(KeyCosigner("x", SECRET))):
        assert seed.hex() not in shown
        assert base64.b64encode(seed).decode() not in shown
        assert "PrivateKey" not in shown
