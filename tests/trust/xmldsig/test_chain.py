"""Who vouches for a signer: chains of issuers, their validity, and what was revoked."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from authorities import AT, NAME, Entry, certificate, revoked, signer, sm2_authority
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ReasonFlags
from signing import MESSAGE, algorithm, key_of, needs

from tumen.kernel.errors import UsageError, VerificationError
from tumen.kernel.limits import CERTIFICATE_CHAIN_LENGTH_MAX
from tumen.trust.xmldsig.certificate import Certificate
from tumen.trust.xmldsig.certificate_files import trust_anchors
from tumen.trust.xmldsig.chain import Fault, TrustAnchors
from tumen.trust.xmldsig.revocation import RevocationList
from tumen.trust.xmldsig.sign import sign
from tumen.trust.xmldsig.verify import Outcome, verify

ROOT, MIDDLE, SIGNER = 1, 2, 9
EARLIER, LATER = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def root():
    return certificate("root", "root", ROOT)


@pytest.fixture(scope="module")
def middle():
    return certificate("middle", "root", MIDDLE)


@pytest.fixture(scope="module")
def of_middle():
    return signer("middle")


@pytest.fixture(scope="module")
def stranger():
    return rsa.generate_private_key(65537, 1024)  # noqa: S505 - it signs nothing of worth


def fault(of: bytes, anchors: TrustAnchors, at: datetime = AT) -> Fault | None:
    return anchors.fault(Certificate.read(of), [at])


def code(of: bytes, anchors: TrustAnchors, at: datetime = AT) -> str | None:
    found = fault(of, anchors, at)
    return None if found is None else found.code


def test_issuers_in_between_lead_to_the_trusted_one_and_vouch_for_nobody_themselves(
    root, middle, of_middle
):
    assert code(of_middle, TrustAnchors((root,), (middle,))) is None
    assert code(of_middle, TrustAnchors((middle,))) is None
    assert code(of_middle, TrustAnchors((), (middle, root))) == "CERTIFICATE_CHAIN_INCOMPLETE"
    assert code(of_middle, TrustAnchors((root,))) == "CERTIFICATE_NOT_TRUSTED"


def test_what_is_missing_of_a_chain_is_named(middle, of_middle):
    told = fault(of_middle, TrustAnchors((), (middle,)))
    assert told == Fault("CERTIFICATE_CHAIN_INCOMPLETE", "CN=root")


def test_an_issuer_must_have_signed_and_may_issue(root, stranger, of_middle):
    forged = certificate("middle", "root", MIDDLE, key=stranger)
    assert code(of_middle, TrustAnchors((root,), (forged,))) == "CERTIFICATE_CHAIN_INCOMPLETE"
    no_authority = certificate("middle", "root", MIDDLE, authority=False)
    assert code(of_middle, TrustAnchors((root,), (no_authority,))) == "CERTIFICATE_NOT_ISSUED"
    may_not = certificate("middle", "root", MIDDLE, uses=("digital_signature",))
    assert code(of_middle, TrustAnchors((root,), (may_not,))) == "CERTIFICATE_NOT_ISSUED"


def test_every_issuer_must_be_valid_when_the_message_was_written(root, of_middle):
    ended = certificate("middle", "root", MIDDLE, until=datetime(2026, 11, 1, tzinfo=UTC))
    anchors = TrustAnchors((root,), (ended,))
    assert code(of_middle, anchors) == "CERTIFICATE_ISSUER_EXPIRED"
    assert code(of_middle, anchors, EARLIER) is None


def test_an_issuer_may_bound_how_many_stand_below_it(middle, of_middle):
    narrow = certificate("root", "root", ROOT, length=0)
    assert code(of_middle, TrustAnchors((narrow,), (middle,))) == "CERTIFICATE_CHAIN_TOO_LONG"
    wide = certificate("root", "root", ROOT, length=1)
    assert code(of_middle, TrustAnchors((wide,), (middle,))) is None


def test_a_chain_that_goes_in_a_circle_or_never_ends_is_left(root):
    circle = (certificate("a", "b", 3), certificate("b", "a", 4))
    assert code(signer("a"), TrustAnchors((), circle)) == "CERTIFICATE_CHAIN_INCOMPLETE"
    names = [f"i{at}" for at in range(CERTIFICATE_CHAIN_LENGTH_MAX)]
    long = [certificate(*pair, 5) for pair in zip(names, [*names[1:], "root"], strict=True)]
    assert code(signer("i0"), TrustAnchors((root,), tuple(long))) == "CERTIFICATE_CHAIN_INCOMPLETE"
    assert code(signer("i2"), TrustAnchors((root,), tuple(long))) is None


def test_what_a_list_of_its_issuer_names_is_revoked(root, middle, of_middle):
    clean = (revoked("root"), revoked("middle"))
    assert code(of_middle, TrustAnchors((root,), (middle,), clean)) is None
    for lists in (
        (revoked("root"), revoked("middle", Entry(SIGNER))),
        (revoked("root", Entry(MIDDLE)), revoked("middle")),
    ):
        assert code(of_middle, TrustAnchors((root,), (middle,), lists)) == "CERTIFICATE_REVOKED"
    other = (revoked("root", Entry(SIGNER)), revoked("middle", Entry(MIDDLE)))
    assert code(of_middle, TrustAnchors((root,), (middle,), other)) is None


@pytest.mark.parametrize(
    ("reason", "before"),
    [
        (ReasonFlags.superseded, None),
        (ReasonFlags.cessation_of_operation, None),
        (ReasonFlags.key_compromise, "CERTIFICATE_REVOKED"),
        (ReasonFlags.certificate_hold, "CERTIFICATE_REVOKED"),
        (None, "CERTIFICATE_REVOKED"),
    ],
)
def test_an_older_day_helps_only_where_nobody_else_has_the_key(root, reason, before):
    anchors = TrustAnchors((root,), (), (revoked("root", Entry(SIGNER, reason=reason)),))
    assert code(signer("root"), anchors) == "CERTIFICATE_REVOKED"
    assert code(signer("root"), anchors, EARLIER) == before


def test_where_lists_are_kept_a_missing_forged_or_old_one_leaves_it_unchecked(
    root, middle, of_middle, stranger
):
    ended = revoked("middle", until=datetime(2026, 11, 1, tzinfo=UTC))
    forged = revoked("middle", Entry(SIGNER), key=stranger)
    for lists, told in (
        ((revoked("root"),), "REVOCATION_LIST_ABSENT"),
        ((revoked("root"), forged), "REVOCATION_LIST_BROKEN"),
        ((revoked("root"), ended), "REVOCATION_LIST_OLD"),
        ((ended, revoked("root", Entry(MIDDLE))), "CERTIFICATE_REVOKED"),
    ):
        found = fault(of_middle, TrustAnchors((root,), (middle,), lists))
        assert found is not None
        assert (found.code, found.is_open) == (told, told.startswith("REVOCATION"))


def test_who_may_not_list_revokes_nothing(of_middle):
    only_issues = certificate("middle", "middle", MIDDLE, uses=("key_cert_sign",))
    anchors = TrustAnchors((only_issues,), (), (revoked("middle", Entry(SIGNER)),))
    assert code(of_middle, anchors) == "REVOCATION_LIST_BROKEN"


@pytest.mark.parametrize(
    "partial",
    [
        x509.DeltaCRLIndicator(1),
        x509.IssuingDistributionPoint(None, None, True, False, None, False, False),
    ],
)
def test_a_list_that_tells_only_a_part_is_not_taken(partial):
    with pytest.raises(VerificationError, match="only a part"):
        RevocationList.read(revoked("root", extensions=(partial,)))


def test_an_authority_with_a_key_of_sm2_vouches_and_revokes(tmp_path: Path):
    needs("sm2")
    ca, of_signer, listed = sm2_authority(tmp_path)
    now = Certificate.read(of_signer).not_before
    assert code(of_signer, TrustAnchors((ca,)), now) is None
    assert code(of_signer, TrustAnchors((ca,), (), (listed,)), now) == "CERTIFICATE_REVOKED"
    forged = listed[:-1] + bytes([listed[-1] ^ 1])
    told = code(of_signer, TrustAnchors((ca,), (), (forged,)), now)
    assert told == "REVOCATION_LIST_BROKEN"


def test_a_signed_message_is_judged_by_the_files_of_a_folder(tmp_path: Path, root, middle):
    leaf = Certificate.read(signer("middle"))
    message = sign(MESSAGE, algorithm(NAME), key_of(NAME)[0], leaf)
    (tmp_path / "intermediate").mkdir()
    (tmp_path / "root.cer").write_bytes(root)
    (tmp_path / "intermediate/middle.crt").write_bytes(middle)
    assert verify(message, lambda _: [AT], trust_anchors(tmp_path)).outcome is Outcome.VALID
    (tmp_path / "root.crl").write_bytes(revoked("root"))
    result = verify(message, lambda _: [AT], trust_anchors(tmp_path))
    assert result.outcome is Outcome.NOT_CHECKED
    (tmp_path / "middle.crl").write_bytes(revoked("middle", Entry(SIGNER)))
    result = verify(message, lambda _: [AT], trust_anchors(tmp_path))
    assert [step.code for step in result.failed] == ["CERTIFICATE_REVOKED"]


def test_a_file_that_is_no_list_is_named(tmp_path: Path):
    (tmp_path / "broken.crl").write_bytes(b"nothing")
    with pytest.raises(UsageError, match=r"broken\.crl holds no list"):
        trust_anchors(tmp_path)
