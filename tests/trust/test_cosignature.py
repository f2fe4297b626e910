"""A cosignature holds for its witness, its checkpoint and its time, and for nothing else."""

from base64 import b64decode

import pytest
from noteworthy import Hand

from tumen.kernel.errors import VerificationError
from tumen.trust import cosignature, note
from tumen.trust.note import COSIGNATURE_V1, Note, Signature, VerifierKey

WITNESS = Hand("witness.example/w1", COSIGNATURE_V1)
TEXT = "example.com/log\n3\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
TIME = 1_679_315_147


def refusal(key, text, signature):
    with pytest.raises(VerificationError) as refused:
        cosignature.verify(key, text, signature)
    return refused.value.code


def test_the_published_example_of_a_message_is_ours():
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert cosignature.message(text, TIME) == f"cosignature/v1\ntime {TIME}\n{text}".encode()


def test_the_published_example_of_a_line_names_its_time():
    line = (
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWX"
        "EhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
    )
    value = note.Signature.parse(line).value
    assert len(value) == cosignature.TIME_BYTES + note.SIGNATURE_BYTES
    assert int.from_bytes(value[: cosignature.TIME_BYTES], "big") == TIME
    assert b64decode(line.rsplit(maxsplit=1)[-1])[:4] == note.Signature.parse(line).key_id


def test_a_cosignature_holds_and_tells_its_time():
    assert cosignature.verify(WITNESS.key, TEXT, WITNESS.cosign(TEXT, TIME)) == TIME


def test_a_cosignature_of_another_text_or_time_does_not_hold():
    signed = WITNESS.cosign(TEXT, TIME)
    later = Signature(signed.name, signed.key_id, (TIME + 1).to_bytes(8, "big") + signed.value[8:])
    assert refusal(WITNESS.key, TEXT.replace("3", "4"), signed) == "SIGNATURE_INVALID"
    assert refusal(WITNESS.key, TEXT, later) == "SIGNATURE_INVALID"


def test_a_signature_of_a_text_is_no_cosignature_even_of_the_same_key():
    log = VerifierKey(WITNESS.name, note.ED25519, WITNESS.key.public_key)
    plain = WITNESS.sign(TEXT)
    assert refusal(WITNESS.key, TEXT, plain) == "SIGNATURE_INVALID"
    padded = Signature(plain.name, plain.key_id, TIME.to_bytes(8, "big") + plain.value)
    assert refusal(WITNESS.key, TEXT, padded) == "SIGNATURE_INVALID"
    assert refusal(log, TEXT, plain) == "KEY_ROLE_WRONG"


def test_a_cosignature_never_counts_as_the_signature_of_a_log():
    signed = Note(TEXT, (WITNESS.cosign(TEXT, TIME),))
    log = VerifierKey(WITNESS.name, note.ED25519, WITNESS.key.public_key)
    with pytest.raises(VerificationError) as refused:
        signed.verified_by([log])
    assert refused.value.code == "SIGNATURE_MISSING"


def test_a_time_that_no_cosignature_has_is_refused():
    assert refusal(WITNESS.key, TEXT, WITNESS.cosign(TEXT, 1 << 63)) == "COSIGNATURE_TIME_INVALID"


def test_all_cosignatures_of_a_witness_are_found_and_must_hold():
    note_ = Note(TEXT, (WITNESS.cosign(TEXT, TIME), WITNESS.cosign(TEXT, TIME + 5)))
    assert cosignature.times(WITNESS.key, note_) == (TIME, TIME + 5)
    assert cosignature.times(Hand("other.example/w", COSIGNATURE_V1).key, note_) == ()
    with pytest.raises(VerificationError):
        cosignature.times(WITNESS.key, Note("x\n2\n", note_.signatures))
