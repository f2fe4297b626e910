"""A signed message is verified as a whole, and what is wrong with one is told by name."""

import base64
import re

import pytest
from cryptography.hazmat.primitives.serialization import load_der_private_key
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from signing import FAR_AHEAD, LONG_AGO, MESSAGE, NAMES, algorithm, check, codes, key_of, signed
from signxml import DigestAlgorithm, SignatureConfiguration, SignatureMethod, XMLSigner, XMLVerifier
from signxml import methods as signxml_methods

from tumen.trust.xmldsig.canonical import message_bytes, parse
from tumen.trust.xmldsig.chain import TrustAnchors
from tumen.trust.xmldsig.verify import Outcome, Part, Result, State, verify

C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"


def without(message: bytes, pattern: str, instead: str = "") -> bytes:
    changed = re.sub(pattern.encode(), instead.encode(), message, count=1, flags=re.DOTALL)
    assert changed != message
    return changed


@pytest.mark.parametrize("name", NAMES)
def test_what_was_signed_verifies(name: str) -> None:
    result = check(signed(name), name)
    assert result.outcome is Outcome.VALID
    assert [step.part for step in result.steps] == list(Part)
    assert b"not signed" not in (result.canonical or b"")


@pytest.mark.parametrize("name", NAMES)
def test_without_a_list_of_whom_to_trust_it_is_not_anchored(name: str) -> None:
    _, certificate = key_of(name)
    result = verify(signed(name), lambda _: [certificate.not_before])
    assert result.outcome is Outcome.NOT_ANCHORED
    nobody = TrustAnchors(())
    judged = verify(signed(name), lambda _: [certificate.not_before], nobody)
    assert codes(judged) == ["CERTIFICATE_NOT_TRUSTED"]


@pytest.mark.parametrize("name", ["rsa-sha256", "rsa-sha1"])
def test_another_program_reads_the_same_bytes_out_of_it(name: str) -> None:
    _, certificate = key_of(name)
    config = SignatureConfiguration(
        signature_methods=frozenset(SignatureMethod), digest_algorithms=frozenset(DigestAlgorithm)
    )
    # that program leaves out what stands before the root, which C14N 1.0 §2.2 does not
    message = signed(name, MESSAGE.replace(b"<?filed today?>\n", b""))
    read = XMLVerifier().verify(message, x509_cert=certificate.parsed, expect_config=config)
    assert read.signed_data == check(message, name).canonical


def test_what_another_program_signed_verifies() -> None:
    key, certificate = key_of("rsa-sha256")
    signer = XMLSigner(
        method=signxml_methods.enveloped,
        signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=C14N,
    )
    root = signer.sign(
        etree.fromstring(MESSAGE),
        key=load_der_private_key(key.secret, None),
        cert=[certificate.parsed],
    )
    # its own transforms name the canonical form once more, which is no other form
    assert codes(check(etree.tostring(root), "rsa-sha256")) == ["TRANSFORM_REFUSED"]


def test_a_placeholder_is_not_checked() -> None:
    message = signed("sm2")
    message = without(message, "<ds:DigestValue>[^<]*", "<ds:DigestValue>REVNTw==")
    message = without(message, "<ds:SignatureValue>[^<]*", "<ds:SignatureValue>REVNTw==")
    assert check(message, "sm2").outcome is Outcome.NOT_CHECKED


# --- what does not change a message ------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n", b"\r\n"),  # a parser reads every line end as LF
        (b"<!-- not signed -->", b"<!-- other -->"),
        (b"<m:empty/>", b"<m:empty></m:empty>"),
        (b'version="1.0" guid="1"', b"guid='1'   version='1.0'"),
        (b"<ds:KeyName>", b"<ds:KeyName>other "),
    ],
)
def test_what_the_canonical_form_does_not_hold_may_change(
    name: str, old: bytes, new: bytes
) -> None:
    message = signed(name)
    assert old in message
    assert check(message.replace(old, new), name).outcome is Outcome.VALID


# --- what is wrong is told by name -------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("pattern", "instead", "code"),
    [
        ("чай", "чая", "DIGEST_WRONG"),
        ("<m:empty/>", "<m:empty> </m:empty>", "DIGEST_WRONG"),
        ('xmlns:unused="urn:unused"', "", "DIGEST_WRONG"),
        ("<m:empty/>", "<m:none/>", "DIGEST_WRONG"),
        ("filed today", "filed yesterday", "DIGEST_WRONG"),
        ("</m:Message>", "<m:more/></m:Message>", "DIGEST_WRONG"),
        ("<ds:Transform A", '<ds:Transform  B="" A', "SIGNATURE_BLOCK"),
        ("<ds:Reference URI=\"\">", '<ds:Reference URI="#x">', "REFERENCE_REFUSED"),
        ("<ds:Reference URI=\"\">", "<ds:Reference>", "REFERENCE_REFUSED"),
        ("#enveloped-signature", "#base64", "TRANSFORM_REFUSED"),
        ("<ds:Transforms>.*</ds:Transforms>", "", "TRANSFORM_REFUSED"),
        ("REC-xml-c14n-20010315", "REC-xml-c14n-20010315#WithComments", "CANONICAL_METHOD_REFUSED"),
        ("(?<=<ds:SignatureMethod Algorithm=\")[^\"]*", "urn:none", "ALGORITHM_REFUSED"),
        ("(?<=<ds:DigestMethod Algorithm=\")[^\"]*", "urn:none", "DIGEST_METHOD_REFUSED"),
        ("<ds:X509Data>.*</ds:X509Data>", "", "CERTIFICATE_ABSENT"),
        ("(?<=<ds:X509Certificate>)[^<]*", "MAA=", "CERTIFICATE_UNREADABLE"),
        ("(?<=<ds:DigestValue>)", "*", "SIGNATURE_BLOCK"),
        ("(?<=<ds:DigestValue>)", "<!-- -->", "SIGNATURE_BLOCK"),
        ("<ds:SignatureValue>[^<]*</ds:SignatureValue>", "", "SIGNATURE_BLOCK"),
        ("</ds:KeyInfo>", "</ds:KeyInfo><ds:Object/>", "SIGNATURE_BLOCK"),
        ("<ds:KeyInfo>", "<ds:KeyInfo><ds:KeyValue/>", "SIGNATURE_BLOCK"),
        ("</ds:Reference>", "</ds:Reference><ds:Reference/>", "SIGNATURE_BLOCK"),
        ("<ds:Signature .*</ds:Signature>", "", "SIGNATURE_ABSENT"),
        ("<m:empty/>", "<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/>",
         "SIGNATURE_TWICE"),
        ("<m:Message", "<!DOCTYPE m:Message []><m:Message", "XML_DTD"),
        ("<m:Message", "<!DOCTYPE m:Message><m:Message", "XML_DTD"),
        ("</m:Message>", "", "XML_MALFORMED"),
        ('encoding=.UTF-8.', 'encoding="ISO-8859-5"', "MESSAGE_NOT_UTF8"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(name: str, pattern: str, instead: str, code: str) -> None:
    result = check(without(signed(name), pattern, instead), name)
    assert result.outcome is Outcome.INVALID
    assert code in codes(result)


@pytest.mark.parametrize("name", NAMES)
def test_the_days_of_the_certificate_hold(name: str) -> None:
    assert codes(check(signed(name), name, LONG_AGO)) == ["CERTIFICATE_NOT_YET_VALID"]
    assert codes(check(signed(name), name, FAR_AHEAD)) == ["CERTIFICATE_EXPIRED"]
    assert verify(signed(name), lambda _: []).outcome is Outcome.NOT_CHECKED


def test_one_algorithm_cannot_pass_for_another() -> None:
    for name in NAMES:
        for other in NAMES:
            method = re.search(rb"<ds:SignatureMethod[^>]*>", signed(other))
            digest = re.search(rb"<ds:DigestMethod[^>]*>", signed(other))
            assert method
            assert digest
            message = re.sub(rb"<ds:SignatureMethod[^>]*>", method[0], signed(name))
            alone = check(message, name).outcome
            both = check(re.sub(rb"<ds:DigestMethod[^>]*>", digest[0], message), name).outcome
            assert (name == other) == (alone is Outcome.VALID) == (both is Outcome.VALID)


@pytest.mark.parametrize("name", NAMES)
def test_the_certificate_of_another_does_not_fit(name: str) -> None:
    _, other = key_of("sm2" if name != "sm2" else "rsa-sha256")
    packed = base64.b64encode(other.der).decode()
    message = without(signed(name), "(?<=<ds:X509Certificate>)[^<]*", packed)
    assert "KEY_OF_OTHER_ALGORITHM" in codes(check(message, name))


# --- wrapping ----------------------------------------------------------------------------------

WRAPPED = [
    "<m:Message xmlns:m='urn:m'><m:goods>forged</m:goods>{signed}</m:Message>",
    "<m:Message xmlns:m='urn:m'><m:goods>forged</m:goods>{signature}</m:Message>",
    "<m:Message xmlns:m='urn:m'><m:goods>forged</m:goods>{signature}{signature}</m:Message>",
    "<m:Message xmlns:m='urn:m'><m:wrap>{signed}</m:wrap>{signature}</m:Message>",
    "<m:Message xmlns:m='urn:m' Id='x'><m:wrap>{signature}</m:wrap></m:Message>",
]


@pytest.mark.parametrize("form", WRAPPED)
def test_a_signature_holds_for_nothing_but_the_message_around_it(form: str) -> None:
    text = signed("rsa-sha256").decode()
    whole = text[text.index("<m:Message") :]
    block = re.search(r"<ds:Signature .*</ds:Signature>", whole, re.DOTALL)
    assert block
    message = form.replace("{signed}", whole).replace("{signature}", block[0])
    assert check(message.encode(), "rsa-sha256").outcome is Outcome.INVALID


@pytest.mark.parametrize("name", ["sm2", "rsa-sha256"])
def test_no_single_bit_that_is_processed_can_be_changed(name: str) -> None:
    message = signed(name)
    before = message_bytes(parse(message))
    key_name = re.search(rb"<ds:KeyName>[^<]*", message)
    assert key_name
    for at in range(len(message)):
        changed = bytearray(message)
        changed[at] ^= 1 << at % 7
        result = check(bytes(changed), name)
        if result.outcome is Outcome.VALID:  # then nothing that is signed is another
            assert message_bytes(parse(bytes(changed))) == before, at


# --- the form ----------------------------------------------------------------------------------


def other_form(name: str, change: object) -> Result:
    """What is said of a message whose digest was made over a changed form."""
    form = change(check(signed(name), name).canonical)  # type: ignore[operator]
    digest = base64.b64encode(algorithm(name).digest(form)).decode()
    return check(without(signed(name), "(?<=<ds:DigestValue>)[^<]*", digest), name)


@pytest.mark.parametrize(
    ("change", "form"),
    [
        (lambda form: form.replace(b"\n", b"\r\n"), "line_ends"),
        (lambda form: form.replace(b"\n</m:Message>", b"</m:Message>"), "no_last_space"),
        (lambda form: re.sub(rb"(?<!\?)>\s+<", b"><", form), "no_space_between"),
        (lambda form: form.replace("чай".encode(), "чай<!-- not signed -->".encode()),
         "comments_kept"),
        (lambda form: form.replace(b' xmlns:unused="urn:unused"', b""), "exclusive"),
    ],
)  # fmt: skip
def test_a_digest_of_another_form_is_told_to_be_one(change: object, form: str) -> None:
    result = other_form("rsa-sha256", change)
    told = {step.code: step for step in result.failed}
    assert told["DIGEST_OF_OTHER_FORM"].detail == form
    assert told["DIGEST_OF_OTHER_FORM"].part is Part.CANONICAL_FORM
    assert State.RIGHT not in {s.state for s in result.steps if s.part is Part.CANONICAL_FORM}


@given(st.binary(max_size=300))
def test_whatever_the_bytes_are_there_is_an_answer(message: bytes) -> None:
    assert verify(message, lambda _: []).outcome is Outcome.INVALID


@given(st.integers(0), st.binary(min_size=1, max_size=8))
def test_a_message_with_bytes_written_over_it_has_an_answer(at: int, written: bytes) -> None:
    message = signed("rsa-sha256")
    place = at % len(message)
    check(message[:place] + written + message[place + len(written) :], "rsa-sha256")


@pytest.mark.parametrize(
    "filling", [b"<!--" + b"<Signature " * 90_000 + b"-->", b"<a>" + b" " * 990_000 + b"</a>"]
)
def test_a_hostile_filling_does_not_make_the_search_for_forms_long(filling: bytes) -> None:
    message = signed("rsa-sha256").replace(b"<m:empty/>", filling + b"<m:empty/><m:more/>")
    assert codes(check(message, "rsa-sha256")) == ["DIGEST_WRONG"]
