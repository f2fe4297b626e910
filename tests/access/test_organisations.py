"""Organisations: the last entry holds, and roles that do not go together are refused."""

import pytest

from clearing import CLOCK
from tumen.access import organisations
from tumen.access.organisations import Organisation
from tumen.access.roles import ASSIGNABLE, Role
from tumen.kernel.errors import UsageError
from tumen.store.database import Database

NOW = CLOCK.at


def test_the_last_entry_of_an_organisation_holds(database: Database) -> None:
    first = Organisation("steppe-post", "Steppe Post", frozenset({Role.CARRIER}), "MN")
    later = Organisation("steppe-post", "Steppe", frozenset({Role.CARRIER, Role.BROKER}), None)
    other = Organisation("customs-mn", "Customs", frozenset({Role.CUSTOMS}), "MN", is_demo=True)
    with database.session() as session:
        for organisation in (first, other, later):
            organisations.record(session, organisation, NOW, "console")
    with database.session() as session:
        assert organisations.listed(session) == [other, later]
        assert organisations.find(session, "nobody") is None


@pytest.mark.parametrize("role", sorted({Role.CUSTOMS, Role.AGENCY, Role.ADMINISTRATOR}))
def test_who_decides_or_keeps_the_node_does_not_lodge_in_it(role: Role) -> None:
    for other in set(ASSIGNABLE) - {role}:
        with pytest.raises(UsageError, match="stands alone"):
            Organisation("both", "Both", frozenset({role, other}), "CN")


@pytest.mark.parametrize("role", [Role.CUSTOMS, Role.AGENCY])
def test_an_authority_acts_for_one_of_our_economies(role: Role) -> None:
    with pytest.raises(UsageError, match="acts for an economy"):
        Organisation("lost", "Lost", frozenset({role}))
    with pytest.raises(UsageError, match="none of our economies"):
        Organisation("far", "Far", frozenset({role}), "FR")


def test_an_agency_in_charge_of_nothing_is_not_entered(database: Database) -> None:
    idle = Organisation("idle", "Idle", frozenset({Role.AGENCY}), "CN")
    with database.session() as session, pytest.raises(UsageError, match="at least one matter"):
        organisations.record(session, idle, NOW, "console")


@pytest.mark.parametrize(
    "mark", ["", "A", "with space", "../up", "a\n", "日本", "-a", "a-", "a" * 41, "a'b"]
)
def test_a_mark_is_plain(mark: str) -> None:
    with pytest.raises(UsageError, match="is no mark"):
        Organisation(mark, "Name", frozenset({Role.TRADER}))


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "turned \u202e round", "n" * 201])
def test_a_name_can_be_seen(name: str) -> None:
    with pytest.raises(UsageError, match="printable"):
        Organisation("mark", name, frozenset({Role.TRADER}))


def test_nobody_is_given_the_role_of_everybody_or_none() -> None:
    for roles in (frozenset[Role](), frozenset({Role.PUBLIC})):
        with pytest.raises(UsageError, match="at least one role"):
            Organisation("mark", "Name", roles)


def test_an_agency_is_in_charge_of_matters_and_nobody_else_is() -> None:
    matters = frozenset({"food", "technical"})
    assert Organisation("a", "A", frozenset({Role.AGENCY}), "CN", matters=matters).matters
    for role, given in ((Role.CUSTOMS, matters), (Role.AGENCY, frozenset({"customs"}))):
        with pytest.raises(UsageError, match="Matters are for an agency"):
            Organisation("b", "B", frozenset({role}), "CN", matters=given)
