"""Who may do what, as the design has it."""

import pytest

from stores.models import Role
from stores.rights import Right, rights_of, table
from tests.factories import make_member, make_store

CLERK = {Right.SEE, Right.EDIT_CUSTOMERS}
MANAGER = CLERK | {
    Right.MOVE_CREDIT,
    Right.SET_DISCOUNTS,
    Right.REMOVE_PRODUCTS,
    Right.EXPORT,
    Right.IMPORT,
    Right.EDIT_CATALOGUE,
    Right.EDIT_TIERS,
    Right.RETURN,
    Right.REDELIVER_MANY,
}
RIGHTS = {
    Role.VIEWER: {Right.SEE},
    Role.CLERK: CLERK,
    Role.MANAGER: MANAGER,
    Role.OWNER: MANAGER | {Right.RUN_STORE},
}


@pytest.mark.parametrize("role", Role.values)
def test_rights_of_each_role(role):
    assert rights_of(role) == RIGHTS[Role(role)]


@pytest.mark.parametrize("role", ["", "Owner", "admin"])
def test_no_other_role_has_any_right(role):
    assert rights_of(role) == frozenset()


def test_every_right_stands_in_the_table_once():
    named = [name for row in table() for name in row["names"]]

    assert sorted(named) == sorted(Right)


def test_the_table_knows_only_roles_that_members_can_have():
    assert {role for row in table() for role in row["roles"]} == set(Role.values)


def test_each_row_of_the_table_gives_more_to_whoever_stands_higher():
    ladder = [Role.VIEWER, Role.CLERK, Role.MANAGER, Role.OWNER]

    for row in table():
        assert row["roles"] == ladder[len(ladder) - len(row["roles"]) :]


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("right", list(Right))
def test_a_member_may_what_the_role_may(role, right):
    member = make_member(make_store(), role)

    assert member.may(right) is (right in RIGHTS[Role(role)])
