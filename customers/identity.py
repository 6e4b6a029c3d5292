"""Who a row of a file is: found by uuid or name, made where nobody is, refused where the two
disagree.
"""

import dataclasses
import uuid as uuids
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from customers import profiles, search
from customers.models import CreditAccount, Customer, OldName, SearchText
from customers.names import BadName, name_key, normalise
from customers.profiles_many import Profile, holders, read_profiles
from stores.bulk import insert, pick
from stores.models import Store, User


@dataclasses.dataclass(frozen=True)
class NewCustomer:
    """A customer to be made in bulk: a name already normalised, and the uuid where it is known."""

    username: str
    uuid: uuids.UUID | None = None


class Person(NamedTuple):
    """A customer as a file names them: a name as written, a uuid, or both."""

    name: str
    uuid: uuids.UUID | None = None


class Refusal(NamedTuple):
    """Why a person is nobody: the field at fault, and a reason."""

    field: str
    reason: str


class Found(NamedTuple):
    """The customers of some persons, by primary key, and how many of them were made."""

    keys: dict[Person, int]
    refusals: dict[Person, Refusal]
    made: int


def find_or_make(*, store: Store, people: Iterable[Person], by: User | None) -> Found:
    """Find the customer of each person or make one, within the caller's transaction.

    The uuid wins over the name: it follows a rename, unless the name is one the customer had
    before; a uuid for a customer known only by name is filled in. A name and a uuid of two
    customers are refused.
    """
    directory = _Directory(store, by)
    return directory.look_up(list(dict.fromkeys(people)))


class Met(NamedTuple):
    """Who a person is, None being somebody new, and the name and the uuid that they are given."""

    one: Any
    username: str = ""
    uuid: uuids.UUID | None = None


def meet(
    username: str,
    uuid: uuids.UUID | None,
    *,
    holder: Any,
    namesake: Any,
    had: Callable[[Any, str], bool],
) -> Met | Refusal:
    """Who a name and a uuid mean together: `holder` has the uuid, `namesake` the name, `had` tells
    whether somebody had a name before. Pure.
    """
    if holder is not None and namesake is not None and namesake is not holder:
        return Refusal("uuid", two_people(namesake.username, holder.username))
    if holder is not None:
        renamed = username and namesake is None and not had(holder, username)
        return Met(holder, username if renamed else "")
    if namesake is not None:
        if uuid is None or uuid == namesake.uuid:
            return Met(namesake)
        if namesake.uuid is not None:
            return Refusal("uuid", other_uuid(namesake.username))
        return Met(namesake, uuid=uuid)
    if not username:
        return Refusal("uuid", nameless())
    return Met(None, username, uuid)


def two_people(namesake: str, holder: str) -> str:
    """Why a name and a uuid are refused together: each is somebody else's."""
    return _("the name is %(name)s, the uuid is %(other)s's") % {"name": namesake, "other": holder}


def other_uuid(name: str) -> str:
    """Why a uuid is refused: who has the name has another one."""
    return _("%(name)s has another uuid") % {"name": name}


def nameless() -> str:
    """Why a uuid alone is refused."""
    return _("nobody has this uuid, and there is no name to add them by")


def add_many(*, store: Store, people: Sequence[NewCustomer]) -> dict[str, int]:
    """Make customers whose names and uuids nobody has yet, each with an empty account; their keys
    by name key.

    Moves the counter.
    """
    uuid = Customer._meta.get_field("uuid")
    with transaction.atomic():
        insert(
            Customer,
            ("store", "username", "name_key", "uuid"),
            [
                (
                    store.pk,
                    one.username,
                    name_key(one.username),
                    uuid.get_db_prep_value(one.uuid, connection),
                )
                for one in people
            ],
        )
        names = [name_key(one.username) for one in people]
        keys = dict(pick(Customer, ["name_key", "id"], store=store, field="name_key", values=names))
        made = [(keys[name_key(one.username)], one) for one in people]
        insert(CreditAccount, ("customer", "store"), [(key, store.pk) for key, _ in made])
        insert(
            SearchText,
            ("customer", "store", "text"),
            [
                (
                    key,
                    store.pk,
                    search.text_of(rule=store.name_rule, username=one.username, uuid=one.uuid),
                )
                for key, one in made
            ],
        )
        profiles.count_listed(store, len(people))
    return keys


class _Directory:
    """The customers that a set of persons may be."""

    def __init__(self, store: Store, by: User | None):
        self.store = store
        self.by = by
        self.by_key: dict[str, Profile | NewCustomer] = {}
        self.by_uuid: dict[uuids.UUID, Profile | NewCustomer] = {}
        self.refusals: dict[Person, Refusal] = {}
        self.new: list[NewCustomer] = []

    def look_up(self, people: list[Person]) -> Found:
        usernames = self._usernames(people)
        self._load(usernames.values(), [person.uuid for person in people if person.uuid])
        met = {
            person: self._meet(person, usernames.get(person, ""))
            for person in people
            if person not in self.refusals
        }
        made = add_many(store=self.store, people=self.new) if self.new else {}
        keys = {
            person: one.pk if isinstance(one, Profile) else made[name_key(one.username)]
            for person, one in met.items()
            if one is not None
        }
        return Found(keys, self.refusals, len(self.new))

    def _usernames(self, people: list[Person]) -> dict[Person, str]:
        usernames = {}
        for person in people:
            if person.name:
                try:
                    usernames[person] = normalise(person.name, self.store.name_rule)
                except BadName as error:
                    self.refusals[person] = Refusal("customer", str(error))
        return usernames

    def _load(self, usernames: Iterable[str], known_uuids: list[uuids.UUID]) -> None:
        found = holders(self.store, names=list(map(name_key, usernames)), uuids=known_uuids)
        for profile in read_profiles(sorted(set(found.values()))).values():
            self._remember(profile)

    def _remember(self, one: Profile | NewCustomer) -> None:
        self.by_key[name_key(one.username)] = one
        if one.uuid:
            self.by_uuid[one.uuid] = one

    def _meet(self, person: Person, username: str) -> Profile | NewCustomer | None:
        met = meet(
            username,
            person.uuid,
            holder=self.by_uuid.get(person.uuid) if person.uuid else None,
            namesake=self.by_key.get(name_key(username)) if username else None,
            had=self._had,
        )
        if isinstance(met, Refusal):
            self.refusals[person] = met
            return None
        one = met.one
        if one is None:
            one = NewCustomer(username, person.uuid)
            self.new.append(one)
            self._remember(one)
        elif met.username or met.uuid:
            one = self._give(one, met)
        return one

    def _give(self, one: Profile | NewCustomer, met: Met) -> Profile | NewCustomer:
        """Follow a rename, fill in a uuid."""
        complete: Profile | NewCustomer
        if isinstance(one, Profile):
            customer = Customer.objects.select_related("store").get(pk=one.pk)
            username = met.username or one.username
            profiles.correct(customer=customer, username=username, uuid=met.uuid, by=self.by)
            complete = one._replace(username=customer.username, uuid=customer.uuid)
        else:
            complete = NewCustomer(one.username, met.uuid)
            self.new[self.new.index(one)] = complete
        self._remember(complete)
        return complete

    def _had(self, one: Profile | NewCustomer, username: str) -> bool:
        """Whether somebody had that name; who is made by this file keeps their first one."""
        if isinstance(one, NewCustomer):
            return True
        had = OldName.objects.filter(customer=one.pk).values_list("username", flat=True)
        return name_key(username) in map(name_key, had)
