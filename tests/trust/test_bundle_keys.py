"""A key is believed in its role and in its time, and a policy stands for its type."""

from datetime import timedelta

from bundles import DATES, START, bundle, member, member_key, refused

from tumen.trust.bundle_issue import distrusted, with_key
from tumen.trust.bundle_model import Member, Role, seconds

DAY = timedelta(days=1)
FIRST = bundle()
MN = member("MN")
MN_LOG = member_key("MN", Role.LOG)


def test_a_key_counts_from_its_first_second_to_the_one_before_its_end() -> None:
    key = member_key("MN", Role.LOG, 2, START + DAY, START + 2 * DAY)
    first, end = seconds(key.valid_from), seconds(START + 2 * DAY)
    for at in (first, end - 1):
        key.need_valid(at)
    refused("KEY_NOT_YET_VALID", lambda: key.need_valid(first - 1))
    refused("KEY_EXPIRED", lambda: key.need_valid(end))
    refused("KEY_EXPIRED", lambda: key.need_valid(2**63 - 1))


def test_a_key_is_distrusted_after_the_second_that_was_told() -> None:
    at = seconds(START + DAY)
    held = distrusted(FIRST, DATES, MN_LOG.key_id, START + DAY).keys(Role.LOG)
    (key,) = [key for _, key in held if key.key_id == MN_LOG.key_id]
    key.need_valid(at)
    refused("KEY_DISTRUSTED", lambda: key.need_valid(at + 1))


def test_a_key_is_found_in_its_own_role_alone() -> None:
    found = [(role, key) for role in Role for _, key in FIRST.keys(role)]
    assert all(key.role is role for role, key in found)
    assert sorted(key.key_id for _, key in found) == sorted(
        key.key_id for each in FIRST.members for key in each.keys
    )
    refused("KEY_ROLE_WRONG", lambda: member_key("KR", Role.ISSUER).verifier_key)


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
