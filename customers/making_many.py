"""Making many customers at once, with all that is known of them."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from customers import profiles, search
from customers.models import Customer, SearchText
from customers.names import name_key
from stores import bulk
from stores.models import Store

MADE = (
    "store",
    "username",
    "name_key",
    "uuid",
    "email",
    "note",
    "discount",
    "subscriber",
    "subscriber_source",
    "subscriber_at",
    "group_member",
    "group_confirmed_at",
)


class NewProfile(NamedTuple):
    """A customer to be made: a name already normalised that nobody has, nor the uuid, and fields
    that are not as they begin.
    """

    username: str
    uuid: UUID | None
    fields: dict[str, Any]


def make_many(store: Store, people: Sequence[NewProfile], *, source: str) -> dict[str, int]:
    """Make customers, without their accounts; their keys by name key. `source` is where consent
    came from. Moves the counter.
    """
    rule, now = store.name_rule, bulk.prepared(Customer, "subscriber_at", timezone.now())
    keys = [name_key(one.username) for one in people]
    bulk.insert(
        Customer,
        MADE,
        [_made(store, key, one, source, now) for key, one in zip(keys, people, strict=True)],
    )
    made = bulk.pick(Customer, ["name_key", "id"], store=store, field="name_key", values=keys)
    by_key = dict(made)
    texts = [
        search.text_of(
            rule=rule, username=one.username, uuid=one.uuid, email=one.fields.get("email", "")
        )
        for one in people
    ]
    rows = [(by_key[key], store.pk, text) for key, text in zip(keys, texts, strict=True)]
    bulk.insert(SearchText, ("customer", "store", "text"), rows)
    profiles.count_listed(store, len(people))
    return by_key


def _made(store: Store, key: str, one: NewProfile, source: str, now: Any) -> tuple[Any, ...]:
    """A row of `MADE`."""
    fields = one.fields
    consent = (source, now) if "subscriber" in fields else ("", None)
    return (
        store.pk,
        one.username,
        key,
        _uuid(one.uuid),
        fields.get("email", ""),
        fields.get("note", ""),
        fields.get("discount", 0),
        fields.get("subscriber", False),
        *consent,
        fields.get("group_member", False),
        now if "group_member" in fields else None,
    )


def _uuid(value: UUID | None) -> Any:
    return value if connection.features.has_native_uuid_field or not value else value.hex
