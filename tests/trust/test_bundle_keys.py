"""A key is believed in its role and in its time, and a policy stands for its type."""

from datetime import timedelta

from bundles import DATES, START, bundle, member, member_key, refused
from msgspec.structs import replace

from tumen.trust.bundle_issue import distrusted, with_key
from tumen.trust.bundle_model import Member, MemberKey, Role, TrustBundle, seconds

DAY = timedelta(days=1)
FIRST = bundle()
MN = member("MN")
MN_LOG = member_key("MN", Role.LOG)


def with_mn_key(key: MemberKey) -> TrustBundle:
    others = map(member, ("CN", "JP", "KR", "RU"))
    return bundle(members=(replace(MN, keys=(*MN.keys, key)), *others))


def test_a_key_counts_from_its_first_second_to_the_one_before_its_end() -> None:
    key = member_key("MN", Role.LOG, 2, START + DAY, START + 2 * DAY)
    held = with_mn_key(key)
    first, end = seconds(key.valid_from), seconds(START + 2 * DAY)
    for at in (first, end - 1):
        owner, found = held.key_at(key.key_id, Role.LOG, at)
        assert (owner.economy, found) == ("MN", key)
    refused("KEY_NOT_YET_VALID", lambda: held.key_at(key.key_id, Role.LOG, first - 1))
    refused("KEY_EXPIRED", lambda: held.key_at(key.key_id, Role.LOG, end))
    refused("KEY_EXPIRED", lambda: held.key_at(key.key_id, Role.LOG, 2**63 - 1))


def test_a_key_is_distrusted_after_the_second_that_was_told() -> None:
    at = seconds(START + DAY)
    held = distrusted(FIRST, DATES, MN_LOG.key_id, START + DAY)
    assert held.key_at(MN_LOG.key_id, Role.LOG, at)[1].distrusted_after == START + DAY
    refused("KEY_DISTRUSTED", lambda: held.key_at(MN_LOG.key_id, Role.LOG, at + 1))


def test_a_key_is_found_by_name_and_id_in_its_own_role_alone() -> None:
    at = seconds(START)
    issuer = member_key("KR", Role.ISSUER)
    assert FIRST.key_at(issuer.key_id, Role.ISSUER, at)[0].economy == "KR"
    refused("KEY_ROLE_WRONG", lambda: FIRST.key_at(MN_LOG.key_id, Role.WITNESS, at))
    other = f"{MN_LOG.key_id[:-1]}{'0' if MN_LOG.key_id[-1] != '0' else '1'}"
    refused("KEY_UNKNOWN", lambda: FIRST.key_at(other, Role.LOG, at))
    refused("KEY_ROLE_WRONG", lambda: issuer.verifier_key)


def test_a_type_of_document_without_a_policy_takes_that_of_any() -> None:
    assert FIRST.policy("trust_bundle").k == 3
    assert FIRST.policy("certificate_of_origin").document_type == "any"
    refused("POLICY_MISSING", lambda: bundle(policies=()).policy("receipt"))


def test_a_member_that_is_new_stands_at_the_end() -> None:
    added = with_key(bundle(members=(MN,), policies=()), DATES, member("KR"))
    assert [each.economy for each in added.members] == ["MN", "KR"]
    grown = with_key(added, DATES, Member("MN", MN.name, (member_key("MN", Role.LOG, 2),)))
    assert [len(each.keys) for each in grown.members] == [5, 4]
    assert grown.version == 3
    assert grown.previous == added.digest
