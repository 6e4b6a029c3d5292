"""Finding purchases by receipt and by the names of those who paid for them or received them,
deliveries by name, payouts by name and transaction.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers import search
from customers.models import Purchase
from customers.models.purchase import HAS_RECEIPT, IS_GIFT
from sales.models import Payout, PayoutKind
from stores.models import Store
from stores.search import begins


def keys(store: Store, term: str) -> QuerySet[Any]:
    """The keys of matching purchases, each once, from three indexes one after the other: who reads
    no further than wanted stops there.
    """
    names = search.matching(store, term).values("pk")
    payer, recipient = _named(store, term)
    rows = Purchase.objects.filter(store=store).order_by()
    paid = rows.filter(payer__in=names)
    received = rows.filter(IS_GIFT, ~payer, recipient__in=names)
    receipts = rows.filter(_receipt(term), ~payer, ~recipient)
    return paid.values("pk").union(received.values("pk"), receipts.values("pk"), all=True)


def among(rows: QuerySet[Any], store: Store, term: str) -> QuerySet[Any]:
    """Those of the purchases that match, for a term that many do."""
    payer, recipient = _named(store, term)
    return rows.filter(Q(payer) | Q(recipient) | _receipt(term))


def payout_keys(store: Store, term: str) -> QuerySet[Any]:
    """The keys of matching payouts, each once: to a customer, to somebody who is none, and by the
    beginning of the transaction.
    """
    names = search.matching(store, term)
    rows = Payout.objects.filter(store=store).order_by()
    others = rows.filter(~Exists(names.filter(pk=OuterRef("payee"))))
    strangers = others.filter(_stranger(term))
    transactions = others.filter(_transaction(term)).exclude(_stranger(term))
    paid = rows.filter(payee__in=names.values("pk"))
    return paid.values("pk").union(strangers.values("pk"), transactions.values("pk"), all=True)


def payouts_among(rows: QuerySet[Any], store: Store, term: str) -> QuerySet[Any]:
    """Those of the payouts that match, for a term that many do."""
    named = Exists(search.matching(store, term).filter(pk=OuterRef("payee")))
    return rows.filter(Q(named) | _stranger(term) | _transaction(term))


def _stranger(term: str) -> Q:
    """Only money for what was not sold goes to those who are no customers: few rows, of one
    kind.
    """
    return Q(kind=PayoutKind.GIVE_BACK, payee=None, name__icontains=" ".join(term.split()))


def _transaction(term: str) -> Q:
    return ~Q(transaction="") & begins("transaction", term.strip())


def _named(store: Store, term: str) -> tuple[Exists, Exists]:
    names = search.matching(store, term)
    return Exists(names.filter(pk=OuterRef("payer"))), Exists(
        names.filter(pk=OuterRef("recipient"))
    )


def _receipt(term: str) -> Q:
    return HAS_RECEIPT & begins("receipt", term.strip())
