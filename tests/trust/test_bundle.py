"""A trust bundle is believed by fingerprint or by the version before, and in no other way."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bundles import (
    DATES,
    ECONOMIES,
    START,
    bundle,
    fingerprints,
    member,
    member_key,
    refused,
    signed,
    signer,
)
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import TRUST_BUNDLE_BYTES_MAX
from tumen.trust.bundle import chained, parse, parse_text, pinned, succeeding
from tumen.trust.bundle_issue import Dates, distrusted, issued, rotated
from tumen.trust.bundle_model import Jwk, MemberKey, Policy, Role, TrustBundle
from tumen.trust.note import Note

FIRST = bundle()
FIRST_DATA = signed(FIRST, "MN")
MN_LOG = member_key("MN", Role.LOG)
DAY = timedelta(days=1)
RFC_8037_X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
RFC_8037_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def successor(held: TrustBundle = FIRST, **changed: Any) -> TrustBundle:
    fields = {"version": held.version + 1, "previous": held.digest}
    return replace(held, **{**fields, **changed})


# --- the form ------------------------------------------------------------------------------------


def test_what_was_issued_is_read_again_as_the_same() -> None:
    assert parse(FIRST_DATA).bundle == FIRST
    assert parse(FIRST_DATA).note.text == FIRST.text
    assert FIRST.text.isascii()


def test_a_name_in_its_own_writing_is_read_again() -> None:
    named = bundle(
        members=(replace(member("MN"), name="Гааль"), *map(member, ("CN", "JP", "KR", "RU")))
    )
    assert "Гааль" in named.text
    assert parse_text(named.text) == named


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"version": 1', '"version": 1.0'),
        ('"version": 1', '"version": 01'),
        ('"version": 1', '"version": true'),
        ('"version": 1', '"version": NaN'),
        ('"version": 1', '"version": 1,\n  "version": 1'),
        ('"version": 1', '"version": 1,\n  "more": 1'),
        ('"k": 4', '"k": -4'),
        ('"k": 4', '"k": 1e99'),
        ('"previous": null,\n  ', ""),
        ("{\n  ", "{"),
        ("}\n", "}"),
        ("}\n", "}\n\n"),
        ("}\n", "}\n{}\n"),
        ("2026-11-24T00:00:00Z", "2026-11-24T00:00:00+00:00"),
        ("2026-11-24T00:00:00Z", "2026-11-24T08:00:00+08:00"),
        ("2026-11-24T00:00:00Z", "2026-11-24T00:00:00"),
        ('"type": "tumen.trust.v1"', '"type": "tumen.trust.v2"'),
        ('"role": "log"', '"role": "logs"'),
        ("Customs of MN", "Customs of \\u004dN"),
        ("Customs of MN", "Customs of \\ud800"),
    ],
)
def test_any_other_form_of_a_bundle_is_refused(old: str, new: str) -> None:
    assert old in FIRST.text
    with pytest.raises(VerificationError):
        parse_text(FIRST.text.replace(old, new, 1))


def test_what_is_too_large_or_too_deep_is_refused() -> None:
    refused("BUNDLE_TOO_LARGE", lambda: parse(FIRST_DATA + b"x" * TRUST_BUNDLE_BYTES_MAX))
    refused("BUNDLE_MALFORMED", lambda: parse_text("[" * 100_000 + "]" * 100_000 + "\n"))
    deep = '{"members":' + "[" * 100_000 + "\n"
    refused("BUNDLE_MALFORMED", lambda: parse_text(deep))


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_refused_in_one_way(data: bytes) -> None:
    with pytest.raises(VerificationError):
        parse(data)


@given(st.text(max_size=80), st.integers(0, len(FIRST.text)), st.integers(0, 40))
def test_a_text_that_was_changed_anywhere_is_refused_or_reads_as_it_says(
    put: str, at: int, cut: int
) -> None:
    text = FIRST.text[:at] + put + FIRST.text[at + cut :]
    try:
        found = parse_text(text)
    except VerificationError:
        return
    assert found.text == text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(json.loads(FIRST.text))), JSON)
def test_a_field_of_any_other_value_is_refused_in_one_way(name: str, value: object) -> None:
    text = json.dumps({**json.loads(FIRST.text), name: value}, sort_keys=True, indent=2) + "\n"
    try:
        parse_text(text)
    except VerificationError:
        return
    assert name == "policies" or json.loads(FIRST.text)[name] == value


# --- the rules -----------------------------------------------------------------------------------

OTHERS = tuple(map(member, ("CN", "JP", "KR", "RU")))
MN = member("MN")


def with_mn(**changed: Any) -> TrustBundle:
    return bundle(members=(replace(MN, **changed), *OTHERS))


def other(made_for: Role, **changed: Any) -> TrustBundle:
    """With a second key of Mongolia, that says something wrong."""
    return with_mn_key(replace(member_key("MN", made_for, 2), **changed))


def issuer(*fields: str) -> TrustBundle:
    """With an issuer whose JWK has these fields."""
    return with_mn_key(MemberKey(Role.ISSUER, Jwk(*fields), START, None, None))


def with_mn_key(key: MemberKey) -> TrustBundle:
    return with_mn(keys=(*MN.keys, key))


BROKEN = {
    "a version of zero": ("BUNDLE_VERSION_WRONG", bundle(version=0)),
    "a first version that follows one": ("BUNDLE_VERSION_WRONG", bundle(previous="0" * 64)),
    "a later version that follows none": ("BUNDLE_VERSION_WRONG", bundle(version=2)),
    "a hash in capitals": ("BUNDLE_VERSION_WRONG", bundle(version=2, previous="A" * 64)),
    "an empty hash": ("BUNDLE_VERSION_WRONG", bundle(version=2, previous="")),
    "an end before its beginning": ("BUNDLE_DATES_WRONG", bundle(expires_on=date(2026, 11, 23))),
    "no member": ("BUNDLE_TOO_LARGE", bundle(members=(), policies=())),
    "a member twice": ("BUNDLE_MEMBER_DUPLICATE", bundle(members=(MN, MN, *OTHERS))),
    "an economy in small letters": ("BUNDLE_MEMBER_INVALID", with_mn(economy="mn")),
    "a name of nothing": ("BUNDLE_MEMBER_INVALID", with_mn(name="")),
    "a name with a blank behind": ("BUNDLE_MEMBER_INVALID", with_mn(name="Customs ")),
    "a name that turns around": ("BUNDLE_MEMBER_INVALID", with_mn(name="Customs\u202e MN")),
    "a name of two lines": ("BUNDLE_MEMBER_INVALID", with_mn(name="a\nb")),
    "a member without keys": ("BUNDLE_TOO_LARGE", with_mn(keys=())),
    "a key twice": ("BUNDLE_KEY_DUPLICATE", with_mn_key(MN.keys[0])),
    "a key of two members": (
        "BUNDLE_KEY_DUPLICATE", with_mn_key(member_key("CN", Role.LOG))),
    "one key in two roles": (
        "BUNDLE_KEY_DUPLICATE", with_mn_key(replace(MN.keys[0], role=Role.BUNDLE))),
    "one key as text and as JWK": (
        "BUNDLE_KEY_DUPLICATE",
        with_mn_key(MemberKey(Role.ISSUER, Jwk.of_ed25519(
            member_key("CN", Role.WITNESS).verifier_key.public_key), START, None, None))),
    "a log with the key of a witness": (
        "BUNDLE_KEY_INVALID", other(Role.WITNESS, role=Role.LOG)),
    "a witness with the key of a log": (
        "BUNDLE_KEY_INVALID", other(Role.LOG, role=Role.WITNESS)),
    "an issuer with a key of notes": (
        "BUNDLE_KEY_INVALID", other(Role.LOG, role=Role.ISSUER)),
    "a log with a JWK": (
        "BUNDLE_KEY_INVALID", other(Role.ISSUER, role=Role.LOG)),
    "a JWK of another curve": (
        "BUNDLE_KEY_INVALID",
        issuer("OKP", "X25519", RFC_8037_X)),
    "a JWK with padding": (
        "BUNDLE_KEY_INVALID",
        issuer("OKP", "Ed25519", RFC_8037_X + "=")),
    "a JWK whose last bits are not zero": (
        "BUNDLE_KEY_INVALID",
        issuer("OKP", "Ed25519", RFC_8037_X[:-1] + "p")),
    "a JWK that is no point": (
        "BUNDLE_KEY_INVALID",
        issuer("EC", "P-256", RFC_8037_X, RFC_8037_X)),
    "a key that ends as it begins": (
        "BUNDLE_KEY_DATES_WRONG", with_mn_key(member_key("MN", Role.LOG, 2, START, START))),
    "a key of half a second": (
        "BUNDLE_KEY_DATES_WRONG",
        with_mn_key(member_key("MN", Role.LOG, 2, START + timedelta(microseconds=500_000)))),
    "nobody who signs the next": (
        "BUNDLE_KEY_MISSING",
        bundle(members=(replace(MN, keys=MN.keys[:3]),), policies=())),
    "a policy twice": (
        "BUNDLE_POLICY_INVALID", bundle(policies=(Policy("any", ("MN",), 1, 0),) * 2)),
    "a policy that counts an economy twice": (
        "BUNDLE_POLICY_INVALID", bundle(policies=(Policy("any", ("MN", "MN"), 2, 0),))),
    "a policy that counts on nobody": (
        "BUNDLE_POLICY_INVALID", bundle(policies=(Policy("any", ("MN", "US"), 2, 0),))),
    "a policy of no type": (
        "BUNDLE_POLICY_INVALID", bundle(policies=(Policy("", ECONOMIES, 5, 0),))),
    "a policy that asks for none": (
        "BUNDLE_POLICY_INVALID", bundle(policies=(Policy("any", ECONOMIES, 0, 0),))),
    "a policy that asks for too many": (
        "BUNDLE_POLICY_INVALID", bundle(policies=(Policy("any", ECONOMIES, 6, 0),))),
    "a policy that bears less than it says": (
        "BUNDLE_POLICY_INVALID", bundle(policies=(Policy("any", ECONOMIES, 3, 1),))),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_bundle_that_contradicts_itself_is_refused(name: str) -> None:
    code, broken = BROKEN[name]
    refused(code, lambda: parse_text(broken.text))


@pytest.mark.parametrize(("k", "f_max"), [(3, 0), (4, 2), (5, 4)])
def test_a_policy_bears_as_many_colluders_as_the_arithmetic_says(k: int, f_max: int) -> None:
    for f in range(5):
        tried = bundle(policies=(Policy("any", ECONOMIES, k, f),))
        if f <= f_max:
            assert parse_text(tried.text) == tried
        else:
            refused("BUNDLE_POLICY_INVALID", lambda tried=tried: parse_text(tried.text))


def test_a_jwk_with_its_secret_half_is_refused() -> None:
    text = FIRST.text.replace('"crv": "Ed25519",', '"crv": "Ed25519",\n          "d": "x",', 1)
    refused("BUNDLE_MALFORMED", lambda: parse_text(text))


def test_the_thumbprint_of_a_jwk_is_that_of_the_standard() -> None:
    assert Jwk("OKP", "Ed25519", RFC_8037_X).thumbprint == RFC_8037_THUMBPRINT


# --- who is believed -----------------------------------------------------------------------------


def test_a_version_is_believed_by_the_fingerprints_of_its_signers() -> None:
    data = signed(FIRST, "MN", "KR")
    assert pinned(parse(data), fingerprints(FIRST, "MN")) == FIRST
    assert pinned(parse(data), fingerprints(FIRST, "MN", "KR")) == FIRST
    assert pinned(parse(data), [signer("KR").verifier_key]) == FIRST


def test_every_fingerprint_that_was_told_must_have_signed() -> None:
    told = fingerprints(FIRST, "MN", "KR")
    refused("SIGNATURE_MISSING", lambda: pinned(parse(FIRST_DATA), told))
    refused("BUNDLE_STRANGER", lambda: pinned(parse(FIRST_DATA), []))


def test_a_bundle_signed_by_a_stranger_is_not_believed() -> None:
    forged = issued(FIRST, [signer("MN", 2)])
    refused("SIGNATURE_MISSING", lambda: pinned(parse(forged), fingerprints(FIRST, "MN")))
    stranger = signer("MN", 2).verifier_key
    refused("BUNDLE_STRANGER", lambda: pinned(parse(forged), [stranger]))
    refused("BUNDLE_STRANGER", lambda: pinned(parse(FIRST_DATA), [MN_LOG.fingerprint]))


def test_a_version_is_believed_when_enough_economies_of_the_one_before_signed() -> None:
    second = successor()
    assert succeeding(parse(signed(second, "CN", "JP", "KR")), FIRST) == second
    refused("BUNDLE_STRANGER", lambda: succeeding(parse(signed(second, "CN", "JP")), FIRST))
    stranger = issued(second, [signer(each, 2) for each in ECONOMIES])
    refused("BUNDLE_STRANGER", lambda: succeeding(parse(stranger), FIRST))


def test_without_a_policy_every_economy_must_sign_the_next_version() -> None:
    held = bundle(policies=())
    second = successor(held)
    assert succeeding(parse(signed(second, *ECONOMIES)), held) == second
    refused("BUNDLE_STRANGER", lambda: succeeding(parse(signed(second, *ECONOMIES[:4])), held))


def test_two_keys_of_one_economy_count_once() -> None:
    more = tuple(member_key("MN", Role.BUNDLE, n) for n in (2, 3))
    held = with_mn(keys=(*MN.keys, *more))
    data = issued(successor(held), [signer("MN", n) for n in (1, 2, 3)])
    refused("BUNDLE_STRANGER", lambda: succeeding(parse(data), held))


def test_a_version_is_never_replaced_by_an_older_one() -> None:
    second = successor()
    for old in (FIRST, second):
        data = signed(old, *ECONOMIES)
        refused("BUNDLE_DOWNGRADE", lambda data=data: succeeding(parse(data), second))


def test_a_version_that_follows_another_one_is_not_believed() -> None:
    for other in (
        successor(previous="0" * 64),
        successor(version=3),
        successor(issued_on=DATES.issued_on - DAY),
    ):
        data = signed(other, *ECONOMIES)
        refused("BUNDLE_CHAIN_BROKEN", lambda data=data: succeeding(parse(data), FIRST))


def test_a_chain_of_rotated_keys_is_believed_from_the_first_fingerprint() -> None:
    held = bundle(members=(MN,), policies=())
    chain, current = [issued(held, [signer("MN")])], held
    for number in range(2, 6):
        day = DATES.issued_on + DAY * number
        start = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        new = member_key("MN", Role.BUNDLE, number, start)
        old = signer("MN", number - 1)
        key_id = member_key("MN", Role.BUNDLE, number - 1).key_id
        current = rotated(current, Dates(day, DATES.expires_on), key_id, new)
        chain.append(issued(current, [old]))
    told = fingerprints(held, "MN")
    assert chained(chain, told) == current
    assert parse(chain[-1]).bundle.version == 5
    refused("BUNDLE_CHAIN_BROKEN", lambda: chained([*chain[:2], *chain[3:]], told))
    refused("BUNDLE_DOWNGRADE", lambda: chained([chain[0], chain[0]], told))
    refused("BUNDLE_CHAIN_BROKEN", lambda: chained([], told))
    stolen = issued(successor(current, issued_on=day + DAY), [signer("MN", 1)])
    refused("BUNDLE_STRANGER", lambda: chained([*chain, stolen], told))


def test_a_distrusted_bundle_key_signs_no_version_whatever_day_it_writes() -> None:
    key_id = member_key("MN", Role.BUNDLE).key_id
    second = distrusted(FIRST, DATES, key_id, START + 365 * DAY)
    third = successor(second)
    assert succeeding(parse(signed(third, "CN", "JP", "KR")), second) == third
    refused("BUNDLE_STRANGER", lambda: succeeding(parse(signed(third, "CN", "JP", "MN")), second))
    refused("KEY_DISTRUSTED", lambda: pinned(parse(signed(third, "MN")), fingerprints(third, "MN")))


def test_a_bundle_is_not_relied_on_before_and_after_its_days() -> None:
    FIRST.need_current(DATES.issued_on)
    FIRST.need_current(DATES.expires_on)
    refused("BUNDLE_NOT_YET_ISSUED", lambda: FIRST.need_current(DATES.issued_on - DAY))
    refused("BUNDLE_EXPIRED", lambda: FIRST.need_current(DATES.expires_on + DAY))


def test_no_bit_of_a_signed_bundle_can_be_flipped_unseen() -> None:
    small = bundle(members=(MN,), policies=(Policy("any", ("MN",), 1, 0),))
    data = issued(small, [signer("MN")])
    told = fingerprints(small, "MN")
    for place in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(VerificationError):
            pinned(parse(bytes(flipped)), told)


def test_a_signature_of_a_stranger_below_a_bundle_changes_nothing_signed() -> None:
    found = parse(FIRST_DATA)
    line = parse(issued(FIRST, [signer("MN", 9)])).note.signatures
    more = Note(found.note.text, (*line, *found.note.signatures)).to_bytes()
    assert pinned(parse(more), fingerprints(FIRST, "MN")) == FIRST
