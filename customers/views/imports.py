"""Importing customers: the file is sent, its columns are looked at, the preview is a batch."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.imports import file, kinds
from customers.imports.file import Reading, Sheet
from customers.imports.forms import ColumnsForm, FileForm, ReadingForm
from stores import uploads
from stores.models import Batch, Upload
from stores.views.imports import ColumnsPage, SheetPage

# What is kept while the file is looked at again.
RULES = ("mode", "lifts_opt_out")


class ImportFile(SheetPage):
    """Takes a file."""

    title = gettext_lazy("Import customers")
    form_class = FileForm
    hint = gettext_lazy(
        "A CSV file, as every spreadsheet saves one: a line for each customer, with their username"
        " or UUID. Nothing is changed before you have seen the preview."
    )

    def look(self, upload: Upload, form: FileForm) -> None:
        file.recognise(uploads.opener(upload), Reading(source=form.cleaned_data["source"]))

    def columns_url(self, upload: Upload, form: FileForm) -> str:
        url = reverse("customers:import_columns", args=[self.request.store.slug, upload.pk])
        return f"{url}?source={form.cleaned_data['source']}"

    def other_import(self) -> tuple[str, str]:
        return _("Import sales"), reverse("sales_import:file", args=[self.request.store.slug])


class ImportColumns(ColumnsPage):
    """The columns of a file of customers, and by which rules it is taken."""

    template_name = "customers/import_columns.html"
    kind_name = kinds.CUSTOMER_IMPORT.name
    reading_form = ReadingForm
    columns_form = ColumnsForm

    def begin(self) -> dict[str, str]:
        source = self.request.GET.get("source", file.AUTO)
        return dict.fromkeys(ReadingForm.base_fields, file.AUTO) | {"source": source}

    def recognise(self, reading: Reading) -> Sheet:
        return file.recognise(uploads.opener(self.upload), reading)

    def draft(self, reading: Reading, sheet: Sheet, form: ColumnsForm) -> Batch:
        return kinds.draft(
            upload=self.upload,
            reading=reading,
            sheet=sheet,
            fields=form.chosen,
            rules=form.rules,
            by=self.request.user,
        )

    def kept(self) -> dict[str, str]:
        return {name: self.request.POST[name] for name in RULES if name in self.request.POST}
