"""The customers whom a file means: who they are when its lines are judged, and when they are
written.
"""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from customers import identity
from customers.identity import Met, NewCustomer, Refusal
from customers.models.customer import Consent
from customers.names import BadName, name_key, normalise
from customers.profiles_many import (
    Profile,
    holders,
    lock_profiles,
    old_names,
    read_profiles,
    write_many,
)
from sales.lines import SaleLine
from sales.models import SalePerson
from stores.bulk import insert, parts, pick, prepared, update
from stores.models import Batch

STAGED = ("store", "batch", "username", "name_key", "uuid", "customer", "changes")
SETTLED = ("customer", "changes", "settled", "made", "drifted", "reason")


@dataclasses.dataclass(slots=True, eq=False)
class One:
    """A customer as they are, or would be after the lines before; `pk` is that of `SalePerson`."""

    username: str
    uuid: UUID | None
    customer: int | None = None
    pk: int | None = None
    changes: dict[str, list[Any]] = dataclasses.field(default_factory=dict)

    @property
    def is_named(self) -> bool:
        """Whether this file has said already what they are called."""
        return self.customer is None or "username" in self.changes


class People:
    """Those whom the lines of a chunk may mean: of the store, and of the file so far."""

    def __init__(self, batch: Batch, sales: Iterable[SaleLine]) -> None:
        self.batch = batch
        self.rule = batch.store.name_rule
        self._met: dict[tuple[str, UUID | None], One | Refusal] = {}
        self.by_key: dict[str, One] = {}
        self.by_uuid: dict[UUID, One] = {}
        self.had: dict[int, set[str]] = {}
        self.touched: dict[int, One] = {}
        people = dict.fromkeys((sale.customer, sale.uuid) for sale in sales)
        self.usernames = {person: self._username(person[0]) for person in people}
        names = {name_key(name) for name in self.usernames.values() if isinstance(name, str)}
        self._load(sorted(names - {""}), sorted({uuid for _, uuid in people if uuid}))

    def meet(self, sale: SaleLine) -> One | Refusal:
        """Who the line means; what it makes of them is remembered."""
        person = sale.customer, sale.uuid
        if person not in self._met:
            self._met[person] = self._meet(*person)
        return self._met[person]

    def write(self) -> None:
        """Write down whom the chunk met for the first time, and whom it changed."""
        new = [one for one in self.touched.values() if one.pk is None]
        insert(SalePerson, STAGED, [self._row(one) for one in new])
        keys = [name_key(one.username) for one in new]
        found = pick(
            SalePerson, ["name_key", "id"], batch=self.batch, field="name_key", values=keys
        )
        by_key = dict(found)
        old = [one for one in self.touched.values() if one.pk is not None]
        for one in new:
            one.pk = by_key[name_key(one.username)]
        rows = [(one.pk, *self._row(one)[2:5], json.dumps(one.changes)) for one in old]
        update(SalePerson, ("username", "name_key", "uuid", "changes"), rows)

    def _meet(self, name: str, uuid: UUID | None) -> One | Refusal:
        username = self.usernames[name, uuid]
        if isinstance(username, Refusal):
            return username
        met = identity.meet(
            username,
            uuid,
            holder=self.by_uuid.get(uuid) if uuid else None,
            namesake=self.by_key.get(name_key(username)) if username else None,
            had=self._had,
        )
        if isinstance(met, Refusal):
            return met
        one = met.one or One(met.username, met.uuid)
        if met.one is not None:
            _give(one, met)
        if one.pk is None or met.username or met.uuid:
            self.touched[id(one)] = one
        self._remember(one)
        return one

    def _username(self, name: str) -> str | Refusal:
        try:
            return normalise(name, self.rule) if name else ""
        except BadName as bad:
            return Refusal("customer", str(bad))

    def _had(self, one: One, username: str) -> bool:
        """Whether somebody had that name. Who got their name from this file keeps it."""
        return one.is_named or name_key(username) in self.had.get(one.customer or 0, ())

    def _load(self, names: list[str], uuids: list[UUID]) -> None:
        """The file goes before the store, where it changed somebody."""
        for values in _customers(self.batch, names, uuids):
            self._remember(One(values[1], values[2], customer=values[0]))
        for one in _staged(self.batch, names, uuids, self._keys()):
            self._remember(one)
            if "username" in one.changes:
                self.by_key[name_key(one.changes["username"][0])] = one
        self.had = _old_names(self._keys())

    def _keys(self) -> list[int]:
        ones = (*self.by_key.values(), *self.by_uuid.values())
        return sorted({one.customer for one in ones if one.customer})

    def _remember(self, one: One) -> None:
        self.by_key[name_key(one.username)] = one
        if one.uuid:
            self.by_uuid[one.uuid] = one

    def _row(self, one: One) -> tuple[Any, ...]:
        """A row of `STAGED`."""
        return (
            self.batch.store_id,
            self.batch.pk,
            one.username,
            name_key(one.username),
            prepared(SalePerson, "uuid", one.uuid),
            one.customer,
            json.dumps(one.changes),
        )


def _give(one: One, met: Met) -> None:
    """Follow a rename, fill in a uuid."""
    known = one.customer is not None
    if met.username:
        one.changes["username"] = [one.username, met.username]
        one.username = met.username
    if met.uuid:
        if known:
            one.changes["uuid"] = [None, str(met.uuid)]
        one.uuid = met.uuid


def settle(batch: Batch, keys: Sequence[int]) -> tuple[dict[int, SalePerson], int]:
    """Look for persons again, now that their lines are written: change who is there, make who is
    not. Who cannot be found has no customer, and a reason.

    The persons by key, and how many were made.
    Locks the customers who were known, then the counter. The caller holds the window.
    """
    people: dict[int, SalePerson] = {}
    for some in parts(keys):
        people |= SalePerson.objects.in_bulk(some)
    waiting = [person for person in people.values() if not person.settled]
    customers = lock_profiles(sorted(one.customer_id for one in waiting if one.customer_id))
    _change([one for one in waiting if one.customer_id in customers], customers, batch)
    _find([one for one in waiting if one.customer_id not in customers], batch)
    rows = [
        (
            one.pk,
            one.customer_id,
            json.dumps(one.changes),
            True,
            one.made,
            one.drifted,
            one.reason[:300],
        )
        for one in waiting
    ]
    update(SalePerson, SETTLED, rows)
    return people, sum(one.made for one in waiting)


def _change(waiting: list[SalePerson], customers: dict[int, Profile], batch: Batch) -> None:
    """Give known customers the names and uuids that the file says, where they still may have
    them.
    """
    changed = [one for one in waiting if one.changes]
    taken = _Taken(batch, changed)
    values: dict[int, dict[str, Any]] = {}
    for person in changed:
        customer = customers[person.customer_id or 0]
        _mind_drift(person, customer, taken)
        if person.changes:
            values[customer.pk] = {
                name: UUID(to) if name == "uuid" else to for name, (_, to) in person.changes.items()
            }
    write_many(customers, values, source=Consent.IMPORT)


def _mind_drift(person: SalePerson, customer: Profile, taken: "_Taken") -> None:
    """Take back what cannot be given any more."""
    if "username" in person.changes:
        holder = taken.names.get(person.name_key, customer.pk)
        if customer.username != person.changes["username"][0] or holder != customer.pk:
            del person.changes["username"]
            person.drifted = True
            person.reason = ""
            if holder != customer.pk:
                text = _("somebody else has the name %(name)s by now")
                person.reason = text % {"name": person.username}
    if "uuid" in person.changes:
        holder = taken.uuids.get(UUID(person.changes["uuid"][1]), customer.pk)
        if customer.uuid is not None or holder != customer.pk:
            del person.changes["uuid"]
            person.drifted = True
            person.reason = _("%(name)s has another uuid by now") % {"name": customer.username}


def _find(waiting: list[SalePerson], batch: Batch) -> None:
    """Find who was made by hand meanwhile; make everybody else."""
    taken = _Taken(batch, waiting)
    new: list[SalePerson] = []
    for person in waiting:
        person.changes, person.customer_id = {}, None
        holder = taken.uuids.get(person.uuid) if person.uuid else None
        namesake = taken.names.get(person.name_key)
        key = holder or namesake
        if key is None:
            new.append(person)
        elif holder and namesake and holder != namesake:
            text = _("the name %(name)s and the uuid are two customers' by now")
            person.reason = text % {"name": person.username}
        else:
            person.customer_id, person.drifted = key, True
    if not new:
        return
    people = [NewCustomer(one.username, one.uuid) for one in new]
    made = identity.add_many(store=batch.store, people=people)
    for person in new:
        person.customer_id, person.made = made[person.name_key], True


class _Taken:
    """Who has the names and the uuids of some persons now."""

    def __init__(self, batch: Batch, people: Sequence[SalePerson]) -> None:
        names = [person.name_key for person in people]
        uuids = [person.uuid for person in people if person.uuid]
        found = _customers(batch, names, uuids)
        self.names = {name_key(username): pk for pk, username, _ in found}
        self.uuids = {uuid: pk for pk, _, uuid in found if uuid}


def _customers(
    batch: Batch, names: list[str], uuids: list[UUID]
) -> list[tuple[int, str, UUID | None]]:
    """Key, name and uuid of the customers of the store who have one of those."""
    keys = set(holders(batch.store, names=names, uuids=uuids).values())
    profiles = read_profiles(sorted(keys)).values()
    return [(one.pk, one.username, one.uuid) for one in profiles]


def _staged(batch: Batch, names: list[str], uuids: list[UUID], customers: list[int]) -> list[One]:
    """Whom the file named before, of some."""
    found: dict[int, One] = {}
    rows = SalePerson.objects.filter(batch=batch)
    for field, values in (("name_key", names), ("uuid", uuids), ("customer", customers)):
        for some in parts(values):
            part = rows.filter(**{f"{field}__in": some})
            for pk, username, uuid, customer, changes in part.values_list(
                "pk", "username", "uuid", "customer", "changes"
            ):
                found.setdefault(pk, One(username, uuid, customer, pk, changes))
    return list(found.values())


def _old_names(customers: list[int]) -> dict[int, set[str]]:
    had = old_names(customers)
    return {customer: set(map(name_key, names)) for customer, names in had.items()}
