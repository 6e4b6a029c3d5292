"""The credit of a customer: its history, adding and deducting by hand, taking a movement back."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers import credit
from customers.credit import CreditRefused
from customers.credit_forms import MovementForm, ReversalForm
from customers.entry_table import EntryTable, entry_rows
from customers.models import Balance, CreditEntry
from customers.movements import MovementFilters
from customers.statements import Chain, whole_chain
from customers.views.base import CustomerView
from customers.views.history import PagedHistory
from stores.addresses import ListAddress, page_number
from stores.nouns import Words
from stores.paging import KeyPage, KeyPaginator
from stores.rights import Right
from stores.views import CONFLICT, FormPage, answer_saved


class CreditView(CustomerView):
    """A view of one of the two balances."""

    @property
    def balance(self) -> Balance:
        wanted = self.request.GET.get("balance", "")
        return Balance(wanted) if wanted in Balance.values else Balance.CREDIT

    def history_url(self, balance: str) -> str:
        url = reverse("customers:credit", args=[self.request.store.slug, self.customer.pk])
        return f"{url}?balance={balance}"


class CreditEntries(CreditView, PagedHistory):
    """Every movement of one of the two balances, newest first."""

    template_name = "customers/credit.html"

    @cached_property
    def filters(self) -> MovementFilters:
        return MovementFilters(
            self.request.GET, store=self.request.store, chain=self._chain_up_to_a_place()
        )

    def _chain_up_to_a_place(self) -> Chain:
        """All of the balance, or what came up to the entry that a link leads to."""
        chain = whole_chain(self.customer, self.balance)
        place = page_number(self.request.GET.get("place", ""))
        return Chain(chain.customer, chain.balance, 0, min(place or chain.high, chain.high))

    def paginator(self) -> KeyPaginator:
        return KeyPaginator(
            rows=self.filters.entries(),
            column="seq",
            descending=True,
            per_page=ListAddress(self.request).per_page,
            count=self.filters.number(),
            name=f"credit:{self.customer.pk}:{self.balance}",
            counts_from=None if self.filters.is_picky else self.filters.chosen.high,
        )

    def context(self, page: KeyPage) -> dict[str, Any]:
        return {
            "title": _("Credit of %(customer)s") % {"customer": self.customer.username},
            "things": ngettext("entry", "entries", page.count.value),
            "table": self._table(page.keys),
            "balance": self.balance,
            "balances": self._tabs(),
            "may_move": self.may(Right.MOVE_CREDIT),
            "filters": self.filters,
            # Made where it is shown, which is seldom: panels are kept.
            "filter_form": lambda: self.filters.panel,
            "panel_key": self.filters.panel_key,
            "chips": self._chips(),
            "place": self.request.GET.get("place", ""),
            "whole_url": self.history_url(self.balance),
        }

    def _table(self, keys: list[int]) -> EntryTable | None:
        """The entries of a page in order, each with what it came from and who took it back."""
        if self.filters.refused or not keys:
            return None
        origins = ("by", "purchase__product", "batch", "reverses")
        found = CreditEntry.objects.select_related(*origins).in_bulk(keys)
        taken_back = CreditEntry.objects.filter(store=self.request.store, reverses__in=keys)
        backs = {back.reverses_id: back for back in taken_back}
        store = self.request.store
        rows = entry_rows([found[key] for key in keys], backs=backs, store=store)
        hidden = () if self.may(Right.MOVE_CREDIT) else ("reversal",)
        return EntryTable(rows, store=store, exclude=hidden)

    def _tabs(self) -> list[dict[str, Any]]:
        return [
            {
                "name": balance.value,
                "label": balance.label,
                "amount": getattr(self.customer.account, balance),
                "active": balance == self.balance,
            }
            for balance in Balance
        ]

    def _chips(self) -> list[dict[str, str]]:
        address = ListAddress(self.request)
        return [
            {"text": text, "url": address.url(without=name)}
            for name, text in self.filters.sentences()
        ]


class MoveCredit(CreditView, FormPage):
    """A movement made by hand: an amount, a reason."""

    right = Right.MOVE_CREDIT
    form_class = MovementForm
    done: Words

    def form(self, *data: Any) -> MovementForm:
        return MovementForm(*data, **self.form_options(), initial={"balance": self.balance})

    def move(self, **values: Any) -> CreditEntry:
        raise TypeError(f"{type(self).__name__} moves nothing")

    def valid(self, form: MovementForm) -> HttpResponse:
        values = form.cleaned_data
        try:
            self.move(customer=self.customer, by=self.request.user, **values)
        except CreditRefused as refused:
            form.add_error("amount", str(refused))
            return self.show(form, status=CONFLICT)
        amount = self.request.store.money.format(values["amount"])
        text = self.done.format(amount=amount, name=self.customer.username)
        return answer_saved(self.request, text, self.history_url(values["balance"]), go=True)

    def context(self, form: Any) -> dict[str, Any]:
        held = _(" and ").join(
            f"{self.request.store.money.format(getattr(self.customer.account, balance))}"
            f" {balance.label}"
            for balance in Balance
        )
        title = self.title.format(name=self.customer.username)
        return {
            **super().context(form),
            "title": title,
            "text": _("%(customer)s holds %(held)s.")
            % {"customer": self.customer.username, "held": held},
        }


class AddCredit(MoveCredit):
    """Adds to a balance."""

    title = gettext_lazy("Add credit to {name}")
    submit_label = gettext_lazy("Add credit")
    done = gettext_lazy("{amount} was added to {name}.")

    def move(self, **values: Any) -> CreditEntry:
        return credit.grant(**values)


class DeductCredit(MoveCredit):
    """Deducts from a balance what is there, never more."""

    title = gettext_lazy("Deduct credit from {name}")
    submit_label = gettext_lazy("Deduct credit")
    done = gettext_lazy("{amount} was deducted from {name}.")

    def move(self, **values: Any) -> CreditEntry:
        return credit.take(**values)


class ReverseEntry(CreditView, FormPage):
    """Creating a reversal takes a movement back, as far as it is still there."""

    right = Right.MOVE_CREDIT
    form_class = ReversalForm
    title = gettext_lazy("Reverse this movement?")
    submit_label = gettext_lazy("Reverse")

    @cached_property
    def entry(self) -> CreditEntry:
        rows = CreditEntry.objects.filter(store=self.request.store, account=self.customer.pk)
        entry = rows.filter(pk=self.kwargs["entry"]).first()
        if entry is None:
            raise Http404
        return entry

    def form(self, *data: Any) -> ReversalForm:
        _entry = self.entry
        return ReversalForm(*data, **self.form_options(), initial={"reason": "correction"})

    def valid(self, form: ReversalForm) -> HttpResponse:
        try:
            back = credit.reverse(entry=self.entry, by=self.request.user, **form.cleaned_data)
        except CreditRefused as refused:
            form.add_error(None, str(refused))
            return self.show(form, status=CONFLICT)
        url = self.history_url(self.entry.balance)
        return answer_saved(self.request, self._done(back), url, go=True)

    def _done(self, back: credit.Reversal) -> str:
        money = self.request.store.money
        if back.is_whole:
            return _("%(moved)s was reversed.") % {"moved": money.format(abs(back.moved))}
        asked, moved = money.format(-back.asked), money.format(-back.moved)
        return _("Of %(asked)s only %(moved)s was left, and was taken back.") % {
            "asked": asked,
            "moved": moved,
        }

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "text": self._what_happens()}

    def _what_happens(self) -> str:
        money, entry = self.request.store.money, self.entry
        name, balance = self.customer.username, entry.get_balance_display()
        try:
            back = credit.left_to_reverse(entry)
        except CreditRefused as refused:
            return str(refused)
        if back > 0:
            return _("Gives %(back)s %(balance)s back to %(name)s.") % {
                "back": money.format(back),
                "balance": balance,
                "name": name,
            }
        if -back < entry.delta:
            return _(
                "%(name)s spent some of it: of %(delta)s %(balance)s only %(back)s is left and"
                " will be taken."
            ) % {
                "name": name,
                "delta": money.format(entry.delta),
                "balance": balance,
                "back": money.format(-back),
            }
        return _("Takes %(back)s %(balance)s back from %(name)s.") % {
            "back": money.format(-back),
            "balance": balance,
            "name": name,
        }
