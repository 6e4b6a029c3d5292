"""Writing the profiles of many customers at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils import timezone

from customers import portraits, search
from customers.models import (
    CreditAccount,
    CreditEntry,
    Customer,
    CustomerCount,
    OldName,
    SearchText,
)
from customers.names import name_key
from stores import bulk, pointers
from stores.models import Store

FOUND_BY = ("username", "uuid", "email")
MOMENTS = ("subscriber_at", "group_confirmed_at", "archived_at")
FLAGS = ("subscriber", "group_member")
# What a database may take otherwise than Python holds it.
ADAPTED = {"uuid", *MOMENTS}


class Profile(NamedTuple):
    """What is known of a customer, as it is stored now."""

    pk: int
    store_id: int
    username: str
    uuid: UUID | None
    email: str
    note: str
    discount: int
    subscriber: bool
    subscriber_source: str
    subscriber_at: dt.datetime | None
    group_member: bool
    group_confirmed_at: dt.datetime | None
    archived_at: dt.datetime | None
    picture: str


MOMENT_PLACES = tuple(map(Profile._fields.index, MOMENTS))
FLAG_PLACES = tuple(map(Profile._fields.index, FLAGS))
UUID_PLACE = Profile._fields.index("uuid")


def lock_profiles(keys: Sequence[int]) -> dict[int, Profile]:
    """Customers by key, locked in that order until the transaction ends."""
    return read_profiles(keys, lock=True)


def read_profiles(keys: Sequence[int], *, lock: bool = False) -> dict[int, Profile]:
    """Customers by key, without a model object for each."""
    names = ("id", "store", *Profile._fields[2:])
    rows = bulk.pick(Customer, names, field="id", values=keys, lock=lock)
    if connection.vendor == "sqlite":
        rows = [_from_sqlite(list(values)) for values in rows]
    return {values[0]: Profile(*values) for values in rows}


def _from_sqlite(values: list[Any]) -> tuple[Any, ...]:
    """A row whose values SQLite gives as text and numbers."""
    for place in MOMENT_PLACES:
        if values[place] is not None:
            values[place] = _moment(values[place])
    for place in FLAG_PLACES:
        values[place] = bool(values[place])
    values[UUID_PLACE] = values[UUID_PLACE] and UUID(values[UUID_PLACE])
    return tuple(values)


@lru_cache(maxsize=10_000)
def _moment(text: str) -> dt.datetime:
    return connection.ops.convert_datetimefield_value(text, None, connection)  # type: ignore[attr-defined]


def holders(store: Store, *, names: Sequence[str], uuids: Sequence[UUID]) -> dict[str | UUID, int]:
    """Who in the store has name keys and uuids, archived customers too."""
    by_column = {bulk.prepared(Customer, "uuid", uuid): uuid for uuid in uuids}
    return {
        by_column.get(value, value): key
        for field, values in (("name_key", names), ("uuid", list(by_column)))
        for value, key in bulk.pick(
            Customer, (field, "id"), field=field, values=values, store=store
        )
    }


def lock_many(keys: Sequence[int]) -> dict[int, Customer]:
    """Customers by key, locked in that order until the transaction ends."""
    rows = Customer.objects.filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk")
    return {customer.pk: customer for customer in rows}


def write_many(
    customers: Mapping[int, Customer | Profile],
    changes: Mapping[int, dict[str, Any]],
    *,
    source: str,
) -> None:
    """Set fields of locked customers, by their key; `source` is where consent came from.

    An old name goes on finding its customer. What finds them is written anew. No trail is left:
    the batch is one.
    """
    _keep_old_names(customers, changes)
    _write(changes, source)


def put_back_many(changes: Mapping[int, dict[str, Any]]) -> None:
    """Give locked customers fields back as they were before `write_many`, where consent came from
    too; a name that is back is no old one, unless it was one before that already.
    """
    back = {key: values["username"] for key, values in changes.items() if "username" in values}
    fields = ("customer", "username", "id")
    rows = bulk.pick(OldName, fields, field="customer", values=list(back))
    last = {(customer, name): key for customer, name, key in sorted(rows, key=itemgetter(2))}
    gone = [last[one] for one in back.items() if one in last]
    OldName.objects.filter(pk__in=gone).delete()
    _write(changes, "")


def _write(changes: Mapping[int, dict[str, Any]], source: str) -> None:
    dated = {key: _dated(values, source) for key, values in changes.items() if values}
    groups: defaultdict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for key, values in sorted(dated.items()):
        names = tuple(sorted(values))
        prepared = (
            bulk.prepared(Customer, name, values[name]) if name in ADAPTED else values[name]
            for name in names
        )
        groups[names].append((key, *prepared))
    for names, rows in groups.items():
        bulk.update(Customer, names, rows)
    reindex([key for key, values in changes.items() if not values.keys().isdisjoint(FOUND_BY)])


def reindex(keys: Sequence[int]) -> None:
    """Write down anew what finds some customers."""
    old = old_names(keys)
    listed = [one for one in read_profiles(keys).values() if one.archived_at is None]
    stores = Store.objects.filter(pk__in={one.store_id for one in listed})
    rules = dict(stores.values_list("pk", "name_rule"))
    texts = [
        (
            one.pk,
            search.text_of(
                rule=rules[one.store_id],
                username=one.username,
                old_names=old.get(one.pk, ()),
                uuid=one.uuid,
                email=one.email,
            ),
        )
        for one in listed
    ]
    bulk.update(SearchText, ("text",), texts)


def old_names(keys: Sequence[int]) -> dict[int, list[str]]:
    """The names that customers had before, the last first, by the customer's key."""
    fields = ("id", "customer", "username")
    rows = bulk.pick(OldName, fields, field="customer", values=keys)
    old: defaultdict[int, list[str]] = defaultdict(list)
    for _, key, name in sorted(rows, reverse=True):
        old[key].append(name)
    return old


def archive_many(store: Store, keys: Sequence[int]) -> None:
    """Hide customers of the store, within the caller's transaction, which has locked them."""
    listed = Customer.objects.filter(pk__in=keys, archived_at=None)
    CreditAccount.objects.filter(customer__in=listed.values("pk")).update(listed=False)
    hidden = listed.update(archived_at=timezone.now())
    bulk.delete(SearchText, "customer", keys)
    _count_less(store, hidden)


def delete_many(store: Store, keys: Sequence[int]) -> None:
    """Delete listed customers that nothing points at but what was made with them, within the
    caller's transaction, which has locked them.
    """
    if not keys:
        return
    portraits.delete_many(keys)
    bulk.weigh_indexes(CreditEntry)
    pointers.forget(Customer, keys)
    for model in (SearchText, OldName, CreditAccount):
        bulk.delete(model, "customer", keys)
    bulk.delete(Customer, "id", keys)
    _count_less(store, len(keys))


def pointed_at(keys: Sequence[int], *, but: Sequence[type]) -> set[int]:
    """Those of some customers that a row points at, or at their account: of any table of the
    program but some.
    """
    found = pointers.pointed_at(Customer, keys, but=but)
    return found | pointers.pointed_at(CreditAccount, keys, but=but)


def _dated(values: dict[str, Any], source: str) -> dict[str, Any]:
    """With when and by which way a consent or a membership became known, unless that is given too,
    and the name's key.
    """
    now = timezone.now()
    dated: dict[str, Any] = {}
    if "subscriber" in values:
        dated |= {"subscriber_source": source, "subscriber_at": now}
    if "group_member" in values:
        dated["group_confirmed_at"] = now
    if "username" in values:
        dated["name_key"] = name_key(values["username"])
    return {**dated, **values}


def _keep_old_names(
    customers: Mapping[int, Customer | Profile], changes: Mapping[int, dict[str, Any]]
) -> None:
    OldName.objects.bulk_create(
        OldName(store_id=customers[key].store_id, customer_id=key, username=customers[key].username)
        for key, values in changes.items()
        if "username" in values
    )


def _count_less(store: Store, number: int) -> None:
    CustomerCount.objects.filter(store=store).update(listed=F("listed") - number)
