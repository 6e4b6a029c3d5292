"""Finding customers by username, old names, uuid and e-mail."""

from collections.abc import Iterable

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from customers.models import Customer, SearchText
from customers.models.customer import ARCHIVED
from customers.names import RESIDENT, name_key
from stores.models import NameRule, Store
from stores.search import begins

SHORTEST_PART = 3


def text_of(
    *, rule: str, username: str, old_names: Iterable[str] = (), uuid: object = None, email: str = ""
) -> str:
    """All that a customer is found by, a line each; the username first, since short terms match the
    beginning.
    """
    names = [username, *old_names]
    if rule == NameRule.SECOND_LIFE:
        names += [name.replace(".", " ") for name in names if "." in name]
    return name_key("\n".join(filter(None, (*names, str(uuid or ""), email))))


def index(customer: Customer) -> None:
    """Write down what finds the customer now; nothing finds an archived one."""
    if customer.archived_at is not None:
        SearchText.objects.filter(customer=customer).delete()
        return
    text = text_of(
        rule=customer.store.name_rule,
        username=customer.username,
        old_names=customer.old_names.values_list("username", flat=True),
        uuid=customer.uuid,
        email=customer.email,
    )
    SearchText.objects.update_or_create(
        customer=customer,
        defaults={"text": text},
        create_defaults={"text": text, "store": customer.store},
    )


def matching(store: Store, term: str) -> QuerySet[SearchText]:
    """What finds listed customers by `term`, with their keys: one or two letters match the
    beginning of the username, more match anywhere.
    """
    folded = _folded(store, term)
    texts = SearchText.objects.filter(store=store)
    if len(folded) < SHORTEST_PART:
        return texts.filter(begins("text", folded))
    return texts.filter(text__holds=folded)


def holds(store: Store, term: str) -> Subquery:
    """Whether `term` finds the customer of the outer query, looked up for each: `matching` in other
    words, for a query that walks past customers and stops early.
    """
    folded = _folded(store, term)
    anywhere = len(folded) >= SHORTEST_PART
    found = Q(text__contains=folded) if anywhere else Q(text__startswith=folded)
    texts = SearchText.objects.filter(customer=OuterRef("pk"))
    return Subquery(texts.values_list(ExpressionWrapper(found, BooleanField())))


def found_by(store: Store, term: str, keys: Iterable[int]) -> dict[int, str]:
    """What else than their username customers are found by: an old name, the uuid, the e-mail."""
    folded = _folded(store, term)
    texts = SearchText.objects.filter(customer__in=keys).values_list("customer", "text")
    found = {key: _line_with(folded, text.split("\n")) for key, text in texts}
    return {key: line for key, line in found.items() if line}


def among_archived(store: Store, term: str) -> QuerySet[Customer]:
    """Archived customers whose username holds `term`. They are few, so each is looked at."""
    archived = Customer.objects.filter(ARCHIVED, store=store)
    return archived.filter(name_key__contains=_folded(store, term)).order_by()


def _line_with(folded: str, lines: list[str]) -> str:
    """The first line that holds what was typed; '' for the username, however it is written."""
    line = next((line for line in lines if folded in line), "")
    return "" if line in (lines[0], lines[0].replace(".", " ")) else line


def _folded(store: Store, term: str) -> str:
    folded = name_key(" ".join(term.split()))
    if store.name_rule == NameRule.SECOND_LIFE:
        return folded.removesuffix(f" {RESIDENT}")
    return folded
