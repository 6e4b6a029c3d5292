"""Which customers a search in the Django admin finds: few at most, and always by an index."""

from contextlib import suppress
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers import search
from customers.models import Customer
from customers.names import BadName, name_key, normalise
from stores.admin_base import CAP, by_key, store_keys
from stores.models import NameRule, Store

EXACT = _("The customer's number, whole name or UUID")
FOUND = _(
    "The customer's number, whole name or UUID; name, old name, e-mail or UUID in part if one store"
    " is chosen."
)


def named(term: str, store: Store | None) -> list[int]:
    """The customers whom a term names exactly: by number, UUID or name."""
    stores = store_keys(store)
    found = by_key(term) | Q(store__in=stores, name_key__in=_name_keys(term))
    if (uuid := _as_uuid(term)) is not None:
        found |= Q(store__in=stores, uuid=uuid)
    return _keys(found)


def alike(term: str, store: Store | None) -> list[int]:
    """Those, and within one store whoever its list would find, up to a cap."""
    found = named(term, store)
    if store is None:
        return found
    return [*found, *search.matching(store, term).values_list("pk", flat=True)[: CAP + 1]]


def _keys(found: Q) -> list[int]:
    return list(Customer.objects.filter(found).order_by().values_list("pk", flat=True)[: CAP + 1])


def _name_keys(term: str) -> set[str]:
    """The term as a name of either rule."""
    keys = {name_key(" ".join(term.split()))}
    with suppress(BadName):
        keys.add(name_key(normalise(term, NameRule.SECOND_LIFE)))
    return keys


def _as_uuid(term: str) -> UUID | None:
    try:
        return UUID(term)
    except ValueError:
        return None
