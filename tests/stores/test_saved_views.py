"""Saved views: whose they are, how they are named, how many there may be; and how lists look."""

import pytest
from django.db import IntegrityError, connection, transaction

from stores import looks, members, saved_views
from stores.looks import Look
from stores.models import AuditEntry, Member, SavedView
from stores.models.saved_view import MOST_QUERY
from stores.saved_views import MOST, Refused
from tests.factories import make_member, make_store, make_user, make_view
from tests.together import names, together

pytestmark = pytest.mark.django_db
LIST = "customers:list"


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def olga(store):
    return make_member(store, "owner", make_user("olga"))


@pytest.fixture
def carl(store):
    return make_member(store, "clerk", make_user("carl"))


def found_by(member, list_name: str = LIST) -> list[str]:
    return [view.name for view in saved_views.visible(member, list_name)]


def opened(view: SavedView) -> dict:
    return {"name": view.name, "shared": view.is_shared}


def fill(member, *, shared: bool, rows: int = MOST) -> None:
    SavedView.objects.bulk_create(
        SavedView(
            store=member.store,
            member=None if shared else member,
            list_name=LIST,
            name=f"View {number}",
            query="sort=-spent",
        )
        for number in range(rows)
    )


def test_a_member_finds_shared_views_and_then_their_own(store, olga, carl):
    make_view(olga, "Own")
    make_view(carl, "Carl's")
    make_view(olga, "Everybody's", shared=True)
    make_view(olga, "Of products", list_name="products:list")
    make_view(make_member(make_store("candles"), "owner"), "Elsewhere", shared=True)

    assert found_by(olga) == ["Everybody's", "Own"]
    assert found_by(carl) == ["Everybody's", "Carl's"]
    assert found_by(olga, "products:list") == ["Of products"]
    assert found_by(olga, "products:vendors") == []


def test_a_person_who_is_in_two_stores_keeps_them_apart(store, olga):
    make_view(olga, "Here")
    there = make_member(make_store("candles"), "owner", olga.user)
    make_view(there, "There")

    assert (found_by(olga), found_by(there)) == (["Here"], ["There"])


def test_each_deed_is_in_the_trail(olga):
    view = make_view(olga, "Big", query="sort=-spent&columns=customer")
    saved_views.edit(view=view, opened=opened(view), name="Bigger", shared=True, by=olga)
    saved_views.replace(view=view, query="sort=owns&columns=customer", by=olga)
    saved_views.delete(view=view, by=olga)

    before, after = "sort=-spent&columns=customer", "sort=owns&columns=customer"
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "changes", "by")) == [
        ("view.add", {"name": [None, "Big"], "query": [None, before]}, olga.user.pk),
        ("view.edit", {"name": ["Big", "Bigger"], "member": [olga.pk, None]}, olga.user.pk),
        ("view.replace", {"query": [before, after]}, olga.user.pk),
        ("view.delete", {"name": ["Bigger", None], "query": [after, None]}, olga.user.pk),
    ]
    assert SavedView.objects.count() == 0


def test_what_changes_nothing_leaves_no_trace(olga):
    view = make_view(olga)
    known = AuditEntry.objects.count()

    changed = saved_views.edit(
        view=view, opened=opened(view), name=view.name, shared=False, by=olga
    )
    saved_views.replace(view=view, query=view.query, by=olga)
    saved_views.delete(view=SavedView(pk=987654321, store=olga.store), by=olga)

    assert (changed, AuditEntry.objects.count()) == ([], known)


def test_a_name_is_taken_once_for_a_person_and_once_for_everybody(olga, carl):
    view = make_view(olga, "Big")
    make_view(olga, "Big", list_name="products:list")
    make_view(carl, "Big")
    make_view(olga, "Big", shared=True)
    other = make_view(olga, "Other", shared=True)
    known = set(SavedView.objects.values_list("pk", "name", "member"))

    for deed in (
        lambda: make_view(olga, "Big"),
        lambda: make_view(olga, "Big", shared=True),
        lambda: saved_views.edit(view=view, opened=opened(view), name="Big", shared=True, by=olga),
        lambda: saved_views.edit(
            view=other, opened=opened(other), name="Big", shared=True, by=olga
        ),
        lambda: saved_views.edit(
            view=other, opened=opened(other), name="Big", shared=False, by=olga
        ),
    ):
        with pytest.raises(Refused, match="There is a view called “Big” already"):
            deed()

    assert set(SavedView.objects.values_list("pk", "name", "member")) == known


@pytest.mark.parametrize("shared", [False, True])
def test_the_database_refuses_a_second_view_of_that_name(unchanged, olga, shared):
    make_view(olga, "Big", shared=shared)
    again = SavedView(
        store=olga.store, member=None if shared else olga, list_name=LIST, name="Big", query="x=1"
    )

    with unchanged(), pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_the_database_refuses_a_view_without_a_name(unchanged, olga):
    view = SavedView(store=olga.store, member=olga, list_name=LIST, name="", query="x=1")

    with unchanged(), pytest.raises(IntegrityError), transaction.atomic():
        view.save(force_insert=True)


def test_the_database_refuses_a_view_of_a_member_of_another_store(unchanged, olga):
    stranger = make_member(make_store("candles"))
    view = SavedView(store=olga.store, member=stranger, list_name=LIST, name="Big", query="x=1")

    with unchanged(), pytest.raises(IntegrityError), transaction.atomic():
        view.save(force_insert=True)
        connection.check_constraints()


@pytest.mark.parametrize(
    ("shared", "said"),
    [
        (False, "You keep 20 views of this list already. Delete one first."),
        (True, "20 views of this list are shared already. Delete one first."),
    ],
)
def test_there_are_at_most_twenty_of_a_list(olga, carl, shared, said):
    fill(olga, shared=shared)
    other = make_view(olga, "Other", shared=not shared)
    make_view(olga, "Big", shared=shared, list_name="products:list")
    make_view(carl, "Carl's")

    for deed in (
        lambda: make_view(olga, "Big", shared=shared),
        lambda: saved_views.edit(
            view=other, opened=opened(other), name="Big", shared=shared, by=olga
        ),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert str(refused.value) == said
    # Whoever has as many may still rename one.
    full = SavedView.objects.get(name="View 0")
    saved_views.edit(view=full, opened=opened(full), name="Big", shared=shared, by=olga)
    assert "Big" in found_by(olga)


def test_a_query_that_is_too_long_is_refused(olga):
    view = make_view(olga, "Full", query="x" * MOST_QUERY)

    for deed in (
        lambda: make_view(olga, "Fuller", query="x" * (MOST_QUERY + 1)),
        lambda: saved_views.replace(view=view, query="x" * (MOST_QUERY + 1), by=olga),
    ):
        with pytest.raises(Refused, match="The filters say too much to be kept"):
            deed()

    assert found_by(olga) == ["Full"]


def test_a_name_changed_meanwhile_is_not_overwritten(olga):
    view = make_view(olga, "Big", shared=True)
    seen = opened(view)
    SavedView.objects.filter(pk=view.pk).update(name="Huge")

    with pytest.raises(saved_views.Changed) as refused:
        saved_views.edit(view=view, opened=seen, name="Mine", shared=True, by=olga)

    assert refused.value.present == {"name": "Huge"}
    assert found_by(olga) == ["Huge"]


def test_a_view_deleted_meanwhile_is_refused(olga):
    view = make_view(olga)
    SavedView.objects.all().delete()

    with pytest.raises(Refused, match="This view was deleted meanwhile"):
        saved_views.edit(view=view, opened=opened(view), name="Mine", shared=False, by=olga)


@pytest.mark.parametrize(
    ("role", "own", "shared"),
    [
        ("owner", True, True),
        ("manager", True, True),
        ("clerk", True, False),
        ("viewer", True, False),
    ],
)
def test_who_may_change_a_view(store, olga, role, own, shared):
    member = make_member(store, role)
    views = make_view(member), make_view(olga, "All", shared=True), make_view(olga, "Olga's")

    assert [saved_views.may_change(view, member) for view in views] == [own, shared, False]


def test_with_a_member_go_their_own_views_and_no_others(store, olga):
    maria = make_member(store, "manager")
    make_view(maria, "Maria's")
    make_view(maria, "Everybody's", shared=True)

    members.remove(member=maria, by=olga.user)

    assert list(SavedView.objects.values_list("name", "member")) == [("Everybody's", None)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shared", [False, True])
def test_two_saved_at_once_are_both_counted(olga, shared):
    fill(olga, shared=shared, rows=MOST - 1)

    outcomes = together(
        *(lambda name=name: make_view(olga, name, shared=shared) for name in ("Big", "Small"))
    )

    assert (names(outcomes), SavedView.objects.count()) == (["Refused", "done"], MOST)


def test_a_look_is_kept_for_each_list_and_each_store(store, olga, carl):
    looks.keep(member=olga, list_name=LIST, hidden=["owns", "credit"], dense=True)
    looks.keep(member=olga, list_name="products:list", hidden=[], dense=True)

    kept = Member.objects.get(pk=olga.pk)
    assert looks.look_of(kept, LIST) == Look(("owns", "credit"), dense=True)
    assert looks.look_of(kept, "products:list") == Look((), dense=True)
    assert looks.look_of(kept, "products:vendors") == Look()
    assert looks.look_of(olga, LIST) == looks.look_of(kept, LIST)
    assert Member.objects.get(pk=carl.pk).looks == {}


def test_a_look_like_the_common_one_is_not_kept(olga):
    looks.keep(member=olga, list_name=LIST, hidden=["owns"], dense=True)
    looks.keep(member=olga, list_name=LIST, hidden=[], dense=False)

    assert Member.objects.get(pk=olga.pk).looks == {}


@pytest.mark.django_db(transaction=True)
def test_looks_of_two_lists_kept_at_once_are_both_there(olga):
    lists = ("customers:list", "products:list")

    together(
        *(
            lambda name=name: looks.keep(member=olga, list_name=name, hidden=[], dense=True)
            for name in lists
        )
    )

    assert sorted(Member.objects.get(pk=olga.pk).looks) == sorted(lists)
