"""A caller reaches what the matrix says for its roles, its scopes and its economy, and no more."""

import itertools

import pytest

from tumen.access.caller import PUBLIC, Caller
from tumen.access.matrix import MATRIX, MEANINGS, Permission, reach_of
from tumen.access.roles import ASSIGNABLE, AUTHORITIES, Reach, Role
from tumen.kernel.errors import CallerUnknown, NotPermitted


def caller(role: Role, economy: str | None = "CN", **more: object) -> Caller:
    return Caller("one", "One", frozenset({role}), economy, **more)  # type: ignore[arg-type]


def test_every_permission_has_a_row_and_a_meaning() -> None:
    assert set(MATRIX) == set(Permission) == set(MEANINGS)


def test_the_public_reaches_only_what_is_of_no_organisation() -> None:
    reached = {permission for permission in Permission if PUBLIC.reach(permission)}
    assert reached == {
        Permission.SEE_SERVICE, Permission.SIGN_IN, Permission.QUOTE, Permission.TRACK,
        Permission.VERIFY, Permission.READ_REFERENCE, Permission.READ_LOG, Permission.ASK_HELP,
    }  # fmt: skip
    assert not PUBLIC.may(Permission.READ_DOCUMENTS, owner="", economies=("CN",))


@pytest.mark.parametrize("role", ASSIGNABLE)
@pytest.mark.parametrize("permission", list(Permission))
def test_every_cell_of_the_matrix_is_what_a_caller_may(role: Role, permission: Permission) -> None:
    reach = max(reach_of(role, permission), reach_of(Role.PUBLIC, permission))
    for owner, economy in itertools.product(("one", "two", None), ("CN", "MN")):
        expected = {
            Reach.NONE: False,
            Reach.OWN: owner == "one",
            Reach.REQUIRED: owner == "one" or economy == "CN",
            Reach.ECONOMY: owner == "one" or economy == "CN",
            Reach.ALL: True,
        }[reach]
        asked = caller(role, matters=frozenset({"food"}))
        known = {"owner": owner, "economies": (economy,)}
        assert asked.may(permission, **known, required=("food", "technical")) is expected
        if reach is Reach.REQUIRED:
            is_own = owner == "one"
            assert asked.may(permission, **known, required=("technical",)) is is_own
            assert caller(role).may(permission, **known, required=("food",)) is is_own


def test_only_an_authority_reaches_what_others_lodged() -> None:
    for role in set(ASSIGNABLE) - AUTHORITIES:
        for permission in Permission:
            assert reach_of(role, permission) not in {Reach.REQUIRED, Reach.ECONOMY}
    for role in ASSIGNABLE:
        assert not caller(role).may(Permission.READ_RECEIPTS, owner="two", economies=("CN",))


def test_an_administrator_sees_nobodys_trade() -> None:
    administrator = caller(Role.ADMINISTRATOR)
    for permission in (Permission.READ_DOCUMENTS, Permission.READ_QUEUE, Permission.DECIDE):
        assert administrator.reach(permission) is Reach.NONE


def test_an_authority_without_an_economy_reaches_nothing_but_what_is_public() -> None:
    lost = caller(Role.CUSTOMS, economy=None)
    assert lost.authority is None
    assert {p for p in Permission if lost.reach(p)} == {p for p in Permission if PUBLIC.reach(p)}


def test_the_scopes_of_a_key_narrow_what_its_organisation_may() -> None:
    narrow = caller(Role.TRADER, scopes=frozenset({Permission.LODGE, Permission.DECIDE}))
    assert narrow.reach(Permission.LODGE) is Reach.OWN
    assert narrow.reach(Permission.READ_RECEIPTS) is Reach.NONE
    assert narrow.reach(Permission.DECIDE) is Reach.NONE, "a scope gives nothing by itself"
    assert narrow.reach(Permission.QUOTE) is Reach.ALL


def test_who_may_not_is_told_apart_from_who_is_not_known() -> None:
    with pytest.raises(CallerUnknown):
        PUBLIC.need(Permission.LODGE)
    with pytest.raises(NotPermitted):
        caller(Role.ANALYST).need(Permission.LODGE)
    with pytest.raises(CallerUnknown):
        _ = PUBLIC.sender
    caller(Role.BROKER).need(Permission.LODGE)
