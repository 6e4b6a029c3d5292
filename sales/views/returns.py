"""Taking a purchase back."""

import uuid
from functools import cached_property
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import purchases
from customers.credit import CreditRefused
from customers.models import Purchase
from customers.purchases import ReturnRefused
from customers.views.base import keep_year
from sales import returns
from sales.forms import ReturnForm
from sales.models import Return
from stores.rights import Right
from stores.views import CONFLICT, FormPage, RowView, StoreRequest, answer_saved

PREVIEW = "return-preview"
SHOW = "show"


class ReturnPurchase(RowView, FormPage):
    """What goes back is shown before it does, and anew with each change of the form."""

    right = Right.RETURN
    model = Purchase
    slot = "purchase"
    related = ("product", "payer", "recipient")
    store_related = ("year_window",)
    submit_label = gettext_lazy("Return")
    template_name = "sales/return.html"
    form_class = ReturnForm

    @cached_property
    def row(self) -> Purchase:
        """The tier that it costs goes by Spent -1Y: the year rolls first."""
        keep_year(self.request.store)
        purchase: Purchase = super().row
        return purchase

    @cached_property
    def left(self) -> int:
        return purchases.left_of(self.row)

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(self._asked()) if "back" in request.GET else self.form()
        part = "preview" if request.htmx.target == PREVIEW else "body"
        return self.render(self.template_name, self.context(form), part=part)

    def _asked(self) -> QueryDict:
        """What the address says; nothing is done under its token."""
        asked = self.request.GET.copy()
        asked.setdefault("token", str(uuid.uuid4()))
        return asked

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        if SHOW in request.POST:
            return self.show(self.form(request.POST))
        return super().post(request, **kwargs)

    def form_options(self) -> dict[str, Any]:
        return {
            **super().form_options(),
            "pieces": self.row.quantity,
            "left": self.left,
            "names_product": self.row.product_id is not None,
        }

    def valid(self, form: ReturnForm) -> HttpResponse:
        try:
            terms = returns.take_back(
                purchase=self.row,
                wish=form.wish or returns.Wish(),
                by=self.request.user,
                token=form.cleaned_data["token"],
            )
        except (ReturnRefused, CreditRefused) as refused:
            form.add_error("quantity" if "quantity" in form.fields else None, str(refused))
            return self.show(form, status=CONFLICT)
        return answer_saved(self.request, self._done(terms), self.cancel_url(), go=True)

    def _done(self, terms: Return) -> str:
        name, money = self.row.payer.username, self.request.store.money
        if not terms.given:
            return _("The purchase of %(name)s was returned.") % {"name": name}
        text = _("%(amount)s is owed to %(name)s: it is listed under Payments.")
        if terms.as_credit:
            text = _("%(amount)s store credit was given to %(name)s.")
        return text % {"amount": money.format(terms.given), "name": name}

    def context(self, form: ReturnForm) -> dict[str, Any]:
        title = _("Return this purchase")
        if product := self.row.product:
            title = _("Return %(product)s") % {"product": product.name}
        return {
            **super().context(form),
            "title": title,
            "purchase": self.row,
            "left": self.left,
            "preview": self._preview(form),
            "as_credit": bool(form.wish and form.wish.as_credit),
            "keeps_product": bool(form.wish and form.wish.keeps_product),
        }

    def _preview(self, form: ReturnForm) -> returns.Preview | None:
        wish = form.wish
        if wish is None or not self.left:
            return None
        try:
            return returns.preview(self.row, wish)
        except ReturnRefused:
            return None

    def cancel_url(self) -> str:
        return reverse("sales:purchase", args=[self.request.store.slug, self.kwargs["purchase"]])
