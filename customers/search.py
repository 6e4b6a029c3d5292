"""Finding customers by username, old names, uuid and e-mail."""

from collections.abc import Iterable

from django.db.models import Q

from customers.models import Customer, SearchText
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
    return "\n".join(name_key(part) for part in (*names, str(uuid or ""), email) if part)


def index(customer: Customer) -> None:
    """Write down what finds the customer now."""
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


def matching(store: Store, term: str) -> Q:
    """Customers found by `term`: one or two letters match the beginning of the username, more match
    anywhere.
    """
    folded = name_key(" ".join(term.split()))
    if store.name_rule == NameRule.SECOND_LIFE:
        folded = folded.removesuffix(f" {RESIDENT}")
    texts = SearchText.objects.filter(store=store)
    if len(folded) < SHORTEST_PART:
        return Q(pk__in=texts.filter(begins("text", folded)).values("pk"))
    return Q(pk__in=texts.filter(text__holds=folded).values("pk"))
