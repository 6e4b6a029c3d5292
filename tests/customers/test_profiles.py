"""Customers as people: added, corrected, edited against what the person saw, archived."""

import datetime as dt
import uuid

import pytest

from customers import credit, profiles
from customers.credit import BalanceMoved, TooMuch
from customers.models import CreditEntry, Customer, CustomerCount, Kind
from customers.names import BadName, name_key
from customers.profiles import NULL_UUID, Changed, Known
from stores.models import AuditEntry
from stores.money import LIMIT
from tests.factories import balances, make_customer, make_plain_store, make_store, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
UUID = uuid.UUID("6f1a1f0e-6d3b-4a52-9c41-2f1d9a7b8c10")
MAY = dt.datetime(2024, 5, 1, 19, tzinfo=dt.UTC)


@pytest.fixture
def store(db):
    return make_store()


@pytest.fixture
def jane(store):
    return make_customer(store, "Jane Doe", uuid=UUID, credit=100, restricted=30)


def listed(store):
    return CustomerCount.objects.get(store=store).listed


def stored(customer):
    return Customer.objects.get(pk=customer.pk)


def trail(action):
    return list(
        AuditEntry.objects.filter(action=action).order_by("id").values_list("by", "changes")
    )


class TestAdding:
    def test_a_customer_is_added_with_an_account(self, store):
        user = make_user()

        jane = profiles.add(
            store=store,
            username="Jane Doe",
            uuid=UUID,
            by=user,
            opening={"credit": 5, "restricted": 0},
            discount=7,
            email="jane@example.org",
        )

        row = stored(jane)
        assert (row.username, row.name_key, row.uuid) == ("jane.doe", "jane.doe", UUID)
        assert (row.discount, row.email, row.archived_at) == (7, "jane@example.org", None)
        assert balances(jane) == (5, 0)
        assert list(CreditEntry.objects.values_list("kind", "delta", "by")) == [
            (Kind.OPENING, 5, user.pk)
        ]
        assert trail("customer.add") == [(user.pk, {"username": [None, "jane.doe"]})]
        assert listed(store) == 1

    @pytest.mark.parametrize(
        "written", ["jane.doe", "Jane Doe", "JANE.DOE", "\N{FULLWIDTH LATIN SMALL LETTER J}ane doe"]
    )
    def test_a_known_name_is_refused_and_says_whose_it_is(self, store, jane, unchanged, written):
        with unchanged(), pytest.raises(Known) as refusal:
            make_customer(store, written)

        assert (refusal.value.customer, refusal.value.field) == (jane, "username")
        assert str(refusal.value) == "jane.doe is a customer already."

    @pytest.mark.parametrize("written", ["janedoe Resident", "JaneDoe", "janedoe.resident"])
    def test_a_resident_is_known_by_the_first_name(self, store, unchanged, written):
        make_customer(store, "janedoe")

        with unchanged(), pytest.raises(Known):
            make_customer(store, written)

    def test_a_known_uuid_is_refused(self, store, jane, unchanged):
        with unchanged(), pytest.raises(Known) as refusal:
            make_customer(store, "joe", uuid=UUID)

        assert (refusal.value.customer, refusal.value.field) == (jane, "uuid")

    def test_the_null_uuid_is_unknown(self, store):
        people = [make_customer(store, name, uuid=NULL_UUID) for name in ("jane", "joe")]

        assert [stored(person).uuid for person in people] == [None, None]

    def test_another_store_has_its_own_customers(self, jane):
        elsewhere = make_customer(make_store(), "Jane Doe", uuid=UUID)

        assert (elsewhere.name_key, elsewhere.uuid) == (jane.name_key, jane.uuid)

    def test_a_name_is_one_whatever_its_case_where_names_are_kept(self, unchanged):
        plain = make_plain_store()
        kept = make_customer(plain, "Zoë Müller")

        with unchanged(), pytest.raises(Known):
            make_customer(plain, "ZOË MÜLLER")
        assert stored(kept).username == "Zoë Müller"

    def test_the_longest_key_of_a_name_can_be_stored(self):
        # One letter that folds to three.
        name = "\N{GREEK SMALL LETTER IOTA WITH DIALYTIKA AND TONOS}" * 64

        customer = make_customer(make_plain_store(), name)

        assert stored(customer).name_key == name_key(name)
        assert len(stored(customer).name_key) == 192

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"username": "no such name"}, BadName),
            ({"credit": LIMIT + 1}, TooMuch),
            ({"credit": 5, "restricted": LIMIT + 1}, TooMuch),
            ({"credit": -1}, ValueError),
        ],
    )
    def test_whoever_cannot_be_added_leaves_nothing_behind(
        self, store, jane, unchanged, wrong, error
    ):
        with unchanged(), pytest.raises(error):
            make_customer(store, **{"username": "joe", **wrong})

    def test_where_a_consent_came_from_is_kept(self, store, time_machine):
        time_machine.move_to(MAY, tick=False)

        joe = make_customer(store, subscriber=True)

        assert (stored(joe).subscriber_source, stored(joe).subscriber_at) == ("hand", MAY)
        assert stored(joe).group_confirmed_at is None


class TestCorrecting:
    def test_a_name_is_corrected_and_the_old_one_kept(self, jane):
        user = make_user()

        assert profiles.correct(customer=jane, username="Jane Dow", by=user) is True

        assert (stored(jane).username, stored(jane).name_key, jane.username) == ("jane.dow",) * 3
        assert list(jane.old_names.values_list("username")) == [("jane.doe",)]
        assert trail("customer.correct") == [
            (user.pk, {"username": ["jane.doe", "jane.dow"], "name_key": ["jane.doe", "jane.dow"]})
        ]

    def test_the_same_name_is_no_correction(self, jane, unchanged):
        with unchanged():
            assert profiles.correct(customer=jane, username="JANE DOE", by=None) is False

    def test_a_name_of_somebody_else_is_refused(self, store, jane, unchanged):
        joe = make_customer(store, "joe")

        with unchanged(), pytest.raises(Known) as refusal:
            profiles.correct(customer=jane, username="Joe Resident", by=None)

        assert (refusal.value.customer, refusal.value.field) == (joe, "username")

    def test_what_is_no_name_is_refused(self, jane, unchanged):
        with unchanged(), pytest.raises(BadName):
            profiles.correct(customer=jane, username="jane doe smith", by=None)

    def test_case_alone_can_be_corrected_where_names_are_kept(self):
        zoe = make_customer(make_plain_store(), "zoe")

        assert profiles.correct(customer=zoe, username="Zoe", by=None) is True

        assert (stored(zoe).username, stored(zoe).name_key) == ("Zoe", "zoe")

    def test_an_old_name_is_free_for_somebody_else(self, store, jane):
        profiles.correct(customer=jane, username="Jane Dow", by=None)

        assert make_customer(store, "Jane Doe").pk != jane.pk

    def test_a_name_may_come_back(self, jane):
        profiles.correct(customer=jane, username="Jane Dow", by=None)
        profiles.correct(customer=jane, username="Jane Doe", by=None)

        assert stored(jane).username == "jane.doe"
        assert sorted(jane.old_names.values_list("username")) == [("jane.doe",), ("jane.dow",)]

    def test_a_missing_uuid_is_filled_in(self, store):
        joe = make_customer(store, "joe")

        assert profiles.correct(customer=joe, username="joe", uuid=UUID, by=None) is True

        assert (stored(joe).uuid, joe.uuid) == (UUID, UUID)
        assert not joe.old_names.exists()
        assert trail("customer.correct") == [(None, {"uuid": [None, str(UUID)]})]

    def test_a_uuid_of_somebody_else_is_refused_with_the_name_beside_it(
        self, store, jane, unchanged
    ):
        joe = make_customer(store, "joe")

        with unchanged(), pytest.raises(Known) as refusal:
            profiles.correct(customer=joe, username="joey", uuid=UUID, by=None)

        assert (refusal.value.customer, refusal.value.field) == (jane, "uuid")

    @pytest.mark.parametrize("nothing", [None, NULL_UUID, UUID])
    def test_no_uuid_and_the_same_uuid_change_nothing(self, jane, unchanged, nothing):
        with unchanged():
            assert (
                profiles.correct(customer=jane, username="jane.doe", uuid=nothing, by=None) is False
            )

    def test_a_uuid_that_is_not_theirs_is_forgotten_with_the_name_beside_it(self, store, jane):
        assert profiles.correct(customer=jane, username="jane.dow", forget=UUID, by=None) is True

        assert (stored(jane).uuid, jane.uuid, stored(jane).username) == (None, None, "jane.dow")
        assert trail("customer.correct") == [
            (
                None,
                {
                    "username": ["jane.doe", "jane.dow"],
                    "name_key": ["jane.doe", "jane.dow"],
                    "uuid": [str(UUID), None],
                },
            )
        ]
        assert make_customer(store, "joe", uuid=UUID).uuid == UUID

    def test_a_uuid_that_is_no_longer_theirs_is_not_forgotten(self, jane, unchanged):
        another = uuid.uuid4()

        with unchanged():
            assert (
                profiles.correct(customer=jane, username="jane.doe", forget=another, by=None)
                is False
            )

    def test_a_uuid_given_wins_over_one_to_forget(self, jane):
        another = uuid.uuid4()

        profiles.correct(customer=jane, username="jane.doe", uuid=another, forget=UUID, by=None)

        assert stored(jane).uuid == another


class TestArchiving:
    def test_an_archived_customer_is_neither_listed_nor_counted(self, store, jane, time_machine):
        make_customer(store)
        time_machine.move_to(MAY, tick=False)

        profiles.archive(customer=jane, by=None)

        assert (stored(jane).archived_at, listed(store)) == (MAY, 1)
        assert stored(jane).account.listed is False
        assert balances(jane) == (100, 30)

    def test_archiving_again_changes_nothing(self, jane, unchanged):
        profiles.archive(customer=jane, by=None)

        with unchanged():
            profiles.archive(customer=jane, by=None)

    def test_an_archived_customer_is_restored(self, store, jane):
        profiles.archive(customer=jane, by=None)

        profiles.restore(customer=jane, by=None)

        assert (stored(jane).archived_at, stored(jane).account.listed, listed(store)) == (
            None,
            True,
            1,
        )
        assert [len(trail(f"customer.{deed}")) for deed in ("archive", "restore")] == [1, 1]

    def test_restoring_whoever_is_listed_changes_nothing(self, jane, unchanged):
        with unchanged():
            profiles.restore(customer=jane, by=None)

    def test_an_archived_name_is_still_taken(self, store, jane, unchanged):
        profiles.archive(customer=jane, by=None)

        with unchanged(), pytest.raises(Known):
            make_customer(store, "jane.doe")


OPENED = {
    "credit": 100,
    "restricted": 30,
    "discount": 0,
    "email": "",
    "note": "",
    "subscriber": False,
    "group_member": False,
}


def edit(customer, by=None, token=None, **wanted):
    """The form opened on OPENED is sent with what the person changed."""
    values = {**OPENED, **wanted}
    totals = {name: values.pop(name) for name in ("credit", "restricted")}
    return profiles.edit(
        customer=customer, by=by, opened=OPENED, fields=values, balances=totals, token=token
    )


class TestEditing:
    def test_what_the_person_changed_is_written(self, jane, time_machine):
        time_machine.move_to(MAY, tick=False)
        user = make_user()

        changed = edit(jane, user, discount=7, email="jane@example.org", subscriber=True, credit=70)

        row = stored(jane)
        assert sorted(changed) == ["credit", "discount", "email", "subscriber"]
        assert (row.discount, row.email, row.subscriber, row.note) == (
            7,
            "jane@example.org",
            True,
            "",
        )
        assert (row.subscriber_source, row.subscriber_at, row.group_confirmed_at) == (
            "hand",
            MAY,
            None,
        )
        assert balances(jane) == (70, 30)
        assert trail("customer.edit") == [
            (
                user.pk,
                {
                    "discount": [0, 7],
                    "email": ["", "jane@example.org"],
                    "subscriber": [False, True],
                },
            )
        ]

    def test_nothing_changed_writes_nothing(self, jane, unchanged):
        with unchanged():
            assert edit(jane) == []

    def test_credit_alone_leaves_the_customer_as_it_was(self, jane):
        assert edit(jane, credit=0) == ["credit"]

        assert (balances(jane), trail("customer.edit")) == ((0, 30), [])

    def test_what_others_changed_elsewhere_stays(self, jane):
        edit(jane, note="called")

        edit(jane, discount=7)

        assert (stored(jane).note, stored(jane).discount) == ("called", 7)

    def test_a_spent_balance_is_not_brought_back_by_an_older_form(self, jane):
        credit.take(customer=jane, balance="credit", amount=60, by=None)

        assert edit(jane, discount=7) == ["discount"]

        assert balances(jane) == (40, 30)

    @pytest.mark.parametrize(
        ("first", "second", "present"),
        [
            ({"discount": 5}, {"discount": 7}, {"discount": 5}),
            ({"note": "a"}, {"note": "b", "discount": 7}, {"note": "a"}),
            (
                {"discount": 5, "note": "a"},
                {"discount": 7, "note": "b"},
                {"discount": 5, "note": "a"},
            ),
            ({"credit": 90}, {"credit": 70}, {"credit": 90}),
            ({"credit": 90}, {"credit": 70, "discount": 7}, {"credit": 90}),
            ({"discount": 5}, {"credit": 70, "discount": 7}, {"discount": 5}),
            ({"restricted": 0}, {"restricted": 1, "credit": 70}, {"restricted": 0}),
        ],
        ids=str,
    )
    def test_a_conflict_changes_nothing_and_shows_what_there_is(
        self, jane, unchanged, first, second, present
    ):
        edit(jane, **first)

        with unchanged(), pytest.raises(Changed) as refusal:
            edit(jane, **second)

        assert refusal.value.present == present

    def test_two_who_changed_the_same_to_the_same_agree(self, jane, unchanged):
        edit(jane, discount=7, credit=70)

        with unchanged():
            assert edit(jane, discount=7, credit=70) == []

    def test_a_form_sent_twice_moves_credit_once(self, jane, unchanged):
        token = uuid.uuid4()
        edit(jane, token=token, credit=70, restricted=40)

        with unchanged():
            assert edit(jane, token=token, credit=70, restricted=40) == []

    @pytest.mark.parametrize("total", [LIMIT + 1, -1])
    def test_a_refused_balance_refuses_every_field(self, jane, unchanged, total):
        with unchanged(), pytest.raises(credit.CreditRefused):
            edit(jane, discount=7, credit=50, restricted=total)

    def test_a_balance_that_moves_under_the_form_refuses_every_field(
        self, jane, unchanged, monkeypatch
    ):
        def moved(**_):
            raise BalanceMoved(customer=jane, seen=100, present=90)

        monkeypatch.setattr(credit, "set_total", moved)

        with unchanged(), pytest.raises(BalanceMoved):
            edit(jane, discount=7, credit=50)
