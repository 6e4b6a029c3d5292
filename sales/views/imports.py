"""Importing sales: the file is sent, its columns are looked at, its products are matched, the
preview is a batch.
"""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sales.imports import choosing, file, kinds
from sales.imports.file import Reading, Sheet
from sales.imports.forms import ColumnsForm, FileForm, ProductsForm, ReadingForm
from sales.models import Choice, NameKind, SaleName
from stores import uploads
from stores.batches import BatchRefused
from stores.models import Batch, State, Upload
from stores.rights import Right
from stores.views import StoreRequest, StoreView
from stores.views.imports import ColumnsPage, SheetPage, lead_on

AT_ONCE = 50
SHOWN = {
    "open": (gettext_lazy("To be chosen"), Choice.OPEN),
    "match": (gettext_lazy("Matched"), Choice.MATCH),
    "create": (gettext_lazy("To be created"), Choice.CREATE),
    "skip": (gettext_lazy("Left out"), Choice.SKIP),
    "all": (gettext_lazy("All"), None),
}
# What a button does with all names that are open still.
REST = (Choice.CREATE.value, Choice.SKIP.value)


class ImportFile(SheetPage):
    """Takes a file."""

    title = gettext_lazy("Import sales")
    form_class = FileForm
    hint = gettext_lazy(
        "A CSV file, as every spreadsheet saves one: a line for each sale, with the customer, the"
        " date and the amount. Nothing is changed before you have seen the preview, and the same"
        " file again adds nothing."
    )

    def look(self, upload: Upload, form: FileForm) -> None:
        file.recognise(uploads.opener(upload), Reading())

    def columns_url(self, upload: Upload, form: FileForm) -> str:
        return reverse("sales_import:columns", args=[self.request.store.slug, upload.pk])

    def other_import(self) -> tuple[str, str]:
        return _("Import customers"), reverse("customers:import", args=[self.request.store.slug])


class ImportColumns(ColumnsPage):
    """The columns of a file of sales."""

    template_name = "sales/import_columns.html"
    kind_name = kinds.SALE_IMPORT.name
    reading_form = ReadingForm
    columns_form = ColumnsForm

    def begin(self) -> dict[str, str]:
        return dict.fromkeys(ReadingForm.base_fields, file.AUTO)

    def recognise(self, reading: Reading) -> Sheet:
        return file.recognise(uploads.opener(self.upload), reading)

    def draft(self, reading: Reading, sheet: Sheet, form: ColumnsForm) -> Batch:
        return kinds.draft(
            upload=self.upload,
            reading=reading,
            sheet=sheet,
            fields=form.chosen,
            by=self.request.user,
        )

    def next_page(self, batch: Batch) -> str:
        return next_page(batch)


def next_page(batch: Batch) -> str:
    """Where one goes on from a plan: to its products, where some are to be chosen."""
    question = kinds.SALE_IMPORT.question(batch) if batch.state == State.PREVIEWED else None
    return question.url if question and question.first else batch.get_absolute_url()


class ImportProducts(StoreView):
    """Asks which product each name of the file means, some at a time."""

    right = Right.IMPORT
    template_name = "sales/import_products.html"

    @cached_property
    def batch(self) -> Batch:
        kind = kinds.SALE_IMPORT.name
        found = Batch.objects.filter(store=self.request.store, kind=kind, pk=self.kwargs["batch"])
        batch = found.first()
        if batch is None:
            raise Http404
        batch.store = self.request.store
        return batch

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        if self.batch.state != State.PREVIEWED:
            return redirect(self.batch.get_absolute_url())
        page = self.page()
        return self.show(ProductsForm(store=request.store, names=list(page)), page)

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        if self.batch.state != State.PREVIEWED:
            return redirect(self.batch.get_absolute_url())
        form = ProductsForm(request.POST, store=request.store, names=self._sent())
        if not form.is_valid():
            return self.show(form, self.page())
        rest = request.POST.get("rest", "")
        try:
            batch = choosing.choose(
                batch=self.batch,
                answers=form.answers,
                rest=rest if rest in REST else Choice.OPEN,
            )
        except BatchRefused as refused:
            return self.show(form, self.page(), error=str(refused))
        return lead_on(request, self._next(batch))

    def _next(self, batch: Batch) -> str:
        """More names of the list that was looked at, what is open still, or the preview."""
        if "more" in self.request.POST and (page := self.page()).has_next():
            number = page.number if self.shown == "open" else page.next_page_number()
            return f"{self.request.path}?show={self.shown}&page={number}"
        batch.store = self.request.store
        return next_page(batch)

    def _sent(self) -> list[SaleName]:
        """The names that the form was opened with."""
        keys = [key for key in self.request.POST.getlist("name") if key.isascii()]
        wanted = [int(key) for key in keys if key.isdigit() and len(key) < 19]
        return list(self.names.filter(pk__in=wanted[:AT_ONCE]))

    @property
    def names(self) -> QuerySet[SaleName]:
        named = SaleName.objects.filter(batch=self.batch, kind=NameKind.PRODUCT)
        return named.select_related("product").order_by("pk")

    @property
    def shown(self) -> str:
        """The list that is looked at: what is open, as long as anything is."""
        wanted = self.request.GET.get("show", "")
        return wanted if wanted in SHOWN else "open" if self.batch.counts["open"] else "all"

    def page(self) -> Page[SaleName]:
        choice = SHOWN[self.shown][1]
        names = self.names if choice is None else self.names.filter(choice=choice)
        return Paginator(names, AT_ONCE).get_page(self.request.GET.get("page"))

    def show(self, form: ProductsForm, page: Page[SaleName], *, error: str = "") -> HttpResponse:
        counts = self.batch.counts
        numbers = {
            "open": counts["open"],
            "match": counts["products"] - counts["products_new"],
            "create": counts["products_new"],
            "skip": counts["names"] - counts["products"] - counts["open"],
            "all": counts["names"],
        }
        context = {
            "title": _("Products of %(file)s") % {"file": self.batch.asked["file"]},
            "batch": self.batch,
            "form": form,
            "page": page,
            "shown": self.shown,
            "tabs": [
                {"name": name, "label": label, "count": numbers[name]}
                for name, (label, _) in SHOWN.items()
                if numbers[name] or name == self.shown
            ],
            "open": counts["open"],
            "open_lines": counts["open_lines"],
            "error": error,
        }
        return self.render(self.template_name, context)
