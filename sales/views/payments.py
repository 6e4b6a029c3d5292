"""The Payments page: money out, one payout, and what came in and went out by day."""

import datetime as dt
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, npgettext_lazy

from sales import payouts, takings
from sales.filters import PayoutFilters
from sales.forms import MOST_DAYS, DaysForm, PaidForm
from sales.models import Payout, PayoutKind, PayoutState
from sales.models.payout import OPEN, RETRIABLE
from sales.refused import Refused
from sales.tables import PayoutTable
from sales.views.base import SaleList
from stores.rights import Right
from stores.tables import Row
from stores.views import (
    CONFLICT,
    ConfirmPage,
    FormPage,
    RowView,
    Sort,
    StoreRequest,
    StoreView,
    answer_saved,
)
from stores.views.lists import by_key

CELLS = ("name", "payee_id", "amount", "state", "transaction")
ENDED = gettext_noop("It is no longer open: nothing was changed.")


class PayoutList(SaleList):
    """What the store owes or paid, newest first."""

    list_name = "sales:payments"
    title = gettext_lazy("Payments")
    noun = npgettext_lazy("counted", "payout", "payouts")
    table_class = PayoutTable
    filterset_class = PayoutFilters
    search_hint = gettext_lazy("Search by name or transaction")
    template_name = "sales/payments.html"
    sorts = {"at": Sort("made_at"), "amount": Sort("amount")}

    def listed(self) -> QuerySet[Payout]:
        return Payout.objects.filter(store=self.request.store)

    def rows(self, keys: list[int]) -> dict[int, Row]:
        rows = Payout.objects.filter(pk__in=keys).order_by()
        found = by_key(
            rows.values(
                "pk",
                *CELLS,
                at=F("made_at"),
                ended=F("ended_at"),
                what=F("kind"),
                stall=F("vendor__name"),
            )
        )
        kinds = {kind.value: str(kind.label) for kind in PayoutKind}
        return {
            key: {**row, "kind": kinds[row["what"]], "vendor": row["stall"]}
            for key, row in found.items()
        }

    def empty_words(self) -> tuple[str, str]:
        return (
            _("No payouts yet"),
            _("Refunds, returns and commissions are listed here until they are paid, and after."),
        )


class PayoutView(RowView):
    """A view of one payout."""

    model = Payout
    slot = "payout"
    related: tuple[str, ...] = ("vendor",)

    def page(self) -> str:
        return self.address("sales:payment")

    def amount(self) -> str:
        amount = self.request.store.money.format(self.row.amount)
        return _("%(amount)s to %(name)s") % {"amount": amount, "name": self.row.name}


class PayoutDeed(PayoutView):
    """Something done about one payout; leads back to it."""

    right = Right.MOVE_CREDIT

    def cancel_url(self) -> str:
        return self.page()


class PayoutPage(PayoutView):
    """One payout: what for, to whom, how far it is."""

    related = ("vendor", "payee", "purchase__product", "by")
    list_name = "sales:payments"
    template_name = "sales/payment.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        payout = self.row
        may = self.may(Right.MOVE_CREDIT)
        context = {
            "title": self.amount(),
            "payout": payout,
            "cancel_url": self.cancel_url(),
            "may_retry": may and payout.state in RETRIABLE,
            "may_mark": may and payout.state in OPEN,
        }
        return self.render(self.template_name, context, part="body")


class RetryPayout(PayoutDeed, ConfirmPage):
    """Lets any vendor pay it: after it failed, or where one has it and says nothing."""

    label = gettext_lazy("Retry")

    def question(self) -> str:
        return _("Pay %(amount)s again?") % {"amount": self.amount()}

    def words(self) -> str:
        return _("A vendor is given it again.")

    def confirmation(self, words: str) -> dict[str, Any]:
        if self.row.state != PayoutState.CLAIMED:
            return super().confirmation(words)
        warning = _(
            "%(vendor)s has claimed it and has not said what became of it. It may have been paid"
            " already: look at your account first, or it is paid twice."
        ) % {"vendor": self.row.vendor}
        said = {"submit_label": _("Let it be paid"), "danger": True}
        return {**super().confirmation(warning), **said}

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        done = payouts.retry(payout=self.row, by=request.user)
        text = _("%(amount)s is due again.") if done else _(ENDED)
        text %= {"amount": self.amount()}
        return answer_saved(request, text, self.page(), go=True)


class MarkPaid(PayoutDeed, FormPage):
    """A person has paid it by other means."""

    submit_label = gettext_lazy("Mark as paid")
    form_class = PaidForm

    def form(self, *data: Any) -> PaidForm:
        _ = self.row
        return PaidForm(*data, **self.form_options())

    def valid(self, form: PaidForm) -> HttpResponse:
        try:
            done = payouts.mark_paid(
                payout=self.row,
                by=self.request.user,
                transaction_id=form.cleaned_data["transaction"],
            )
        except Refused as refused:
            form.add_error("transaction", str(refused))
            return self.show(form, status=CONFLICT)
        text = _("%(amount)s was marked as paid.") if done else _(ENDED)
        text %= {"amount": self.amount()}
        return answer_saved(self.request, text, self.page(), go=True)

    def context(self, form: Any) -> dict[str, Any]:
        text = _("Only say so when the money has gone out: no vendor pays it any more then.")
        title = _("Mark %(amount)s as paid") % {"amount": self.amount()}
        return {**super().context(form), "title": title, "text": text}


class PaymentDays(StoreView):
    """What came in and what goes out on each day of a period."""

    template_name = "sales/payment_days.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        form = DaysForm(self._asked(), store=request.store)
        context = {"title": _("Payments"), "form": form, "days": None}
        if form.is_valid():
            days = takings.by_day(
                request.store, form.cleaned_data["first"], form.cleaned_data["last"]
            )
            together = takings.total(one for _, one in days)
            context |= {"days": days, "total": together, **form.cleaned_data}
        return self.render(self.template_name, context)

    def _asked(self) -> dict[str, Any]:
        """The days of the address; the last ones to begin with."""
        today = self.request.store.today()
        first = today - dt.timedelta(days=MOST_DAYS - 1)
        named = self.request.GET
        if not named.keys() & {"first", "last"}:
            return {"first": str(first), "last": str(today)}
        return {"first": named.get("first", ""), "last": named.get("last", "")}
