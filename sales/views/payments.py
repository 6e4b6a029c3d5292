"""The Payments page: money out, one payout, and what came in and went out by day."""

import datetime as dt
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse

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
ENDED = "It is no longer open: nothing was changed."


class PayoutList(SaleList):
    """What the store owes or paid, newest first."""

    list_name = "sales:payments"
    title = "Payments"
    noun = "payouts"
    noun_one = "payout"
    table_class = PayoutTable
    filterset_class = PayoutFilters
    search_hint = "Search by name or transaction"
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
        return {
            key: {**row, "kind": PayoutKind(row["what"]).label, "vendor": row["stall"]}
            for key, row in found.items()
        }

    def empty_words(self) -> tuple[str, str]:
        return (
            "No payouts yet",
            "Refunds, returns and commissions are listed here until they are paid, and after.",
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
        return f"{amount} to {self.row.name}"


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

    label = "Retry"

    def question(self) -> str:
        return f"Pay {self.amount()} again?"

    def words(self) -> str:
        return "A vendor is given it again."

    def confirmation(self, words: str) -> dict[str, Any]:
        if self.row.state != PayoutState.CLAIMED:
            return super().confirmation(words)
        warning = (
            f"{self.row.vendor} has claimed it and has not said what became of it. It may have"
            " been paid already: look at your account first, or it is paid twice."
        )
        said = {"submit_label": "Let it be paid", "danger": True}
        return {**super().confirmation(warning), **said}

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        done = payouts.retry(payout=self.row, by=request.user)
        text = f"{self.amount()} is due again." if done else ENDED
        return answer_saved(request, text, self.page(), go=True)


class MarkPaid(PayoutDeed, FormPage):
    """A person has paid it by other means."""

    submit_label = "Mark as paid"
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
        text = f"{self.amount()} was marked as paid." if done else ENDED
        return answer_saved(self.request, text, self.page(), go=True)

    def context(self, form: Any) -> dict[str, Any]:
        text = "Only say so when the money has gone out: no vendor pays it any more then."
        return {**super().context(form), "title": f"Mark {self.amount()} as paid", "text": text}


class PaymentDays(StoreView):
    """What came in and what goes out on each day of a period."""

    template_name = "sales/payment_days.html"

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        form = DaysForm(self._asked(), store=request.store)
        context = {"title": "Payments", "form": form, "days": None}
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
