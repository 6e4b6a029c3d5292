"""Importing customers: the file is sent, its columns are looked at, the preview is a batch."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from customers.imports import file, kinds
from customers.imports.file import Reading, Sheet
from customers.imports.forms import ColumnsForm, FileForm, ReadingForm
from stores import uploads
from stores.batches import BatchRefused
from stores.models import Upload
from stores.sheets import SheetError
from stores.views import StoreRequest
from stores.views.imports import LOOK_AGAIN, SheetPage, UploadView, lead_on

# What is kept while the file is looked at again.
RULES = ("mode", "lifts_opt_out")


class ImportFile(SheetPage):
    """Takes a file."""

    title = "Import customers"
    form_class = FileForm
    hint = (
        "A CSV file, as every spreadsheet saves one: a line for each customer, with their username"
        " or UUID. Nothing is changed before you have seen the preview."
    )

    def look(self, upload: Upload, form: FileForm) -> None:
        file.recognise(uploads.opener(upload), Reading(source=form.cleaned_data["source"]))

    def columns_url(self, upload: Upload, form: FileForm) -> str:
        url = reverse("customers:import_columns", args=[self.request.store.slug, upload.pk])
        return f"{url}?source={form.cleaned_data['source']}"

    def other_import(self) -> tuple[str, str]:
        return "Import sales", reverse("sales_import:file", args=[self.request.store.slug])


class ImportColumns(UploadView):
    """Shows how the file is read, and takes the owner's own word over it."""

    template_name = "customers/import_columns.html"
    kind_name = kinds.CUSTOMER_IMPORT.name

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        source = request.GET.get("source", file.AUTO)
        known = dict.fromkeys(ReadingForm.base_fields, file.AUTO) | {"source": source}
        return self.show(ReadingForm(known))

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        reading_form = ReadingForm(request.POST)
        reading = reading_form.reading
        if LOOK_AGAIN in request.POST or not reading_form.is_valid():
            return self.show(reading_form)
        try:
            sheet = file.recognise(uploads.opener(self.upload), reading)
        except SheetError as error:
            return self.show(reading_form, error=str(error))
        form = ColumnsForm(request.POST, store=request.store, sheet=sheet)
        if not form.is_valid():
            return self.show(reading_form, form)
        try:
            batch = kinds.draft(
                upload=self.upload,
                reading=reading,
                sheet=sheet,
                fields=form.chosen,
                rules=form.rules,
                by=request.user,
            )
        except (SheetError, BatchRefused) as error:
            return self.show(reading_form, form, error=str(error))
        return lead_on(request, batch.get_absolute_url())

    def show(
        self, reading_form: ReadingForm, form: ColumnsForm | None = None, *, error: str = ""
    ) -> HttpResponse:
        sheet, error = self._sheet(reading_form.reading, error)
        if form is None and sheet is not None:
            kept = {name: self.request.POST[name] for name in RULES if name in self.request.POST}
            form = ColumnsForm(store=self.request.store, sheet=sheet, initial=kept)
        context = {
            "title": f"Columns of {self.upload.name}",
            "upload": self.upload,
            "reading_form": reading_form,
            "form": form,
            "sheet": sheet,
            "error": error,
            "before": self.imported_before(),
        }
        return self.render(self.template_name, context)

    def _sheet(self, reading: Reading, error: str) -> tuple[Sheet | None, str]:
        try:
            return file.recognise(uploads.opener(self.upload), reading), error
        except SheetError as unreadable:
            return None, error or str(unreadable)
