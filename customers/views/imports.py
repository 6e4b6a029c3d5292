"""Importing customers: the file is sent, its columns are looked at, the preview is a batch."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from customers.imports import file, kinds, records
from customers.imports.file import Reading, Sheet
from customers.imports.forms import ColumnsForm, FileForm, ReadingForm
from stores import uploads
from stores.batches import BatchRefused
from stores.models import Batch, State, Upload
from stores.rights import Right
from stores.sheets import SheetError
from stores.views import FormPage, StoreRequest, StoreView

LOOK_AGAIN = "look"
# What is kept while the file is looked at again.
RULES = ("mode", "lifts_opt_out")


class ImportFile(FormPage):
    """Takes a file."""

    title = "Import customers"
    submit_label = "Look at the columns"
    template_name = "customers/import_file.html"
    right = Right.IMPORT
    form_class = FileForm

    def valid(self, form: FileForm) -> HttpResponse:
        source = form.cleaned_data["source"]
        upload = uploads.keep(
            store=self.request.store, file=form.cleaned_data["file"], by=self.request.user
        )
        try:
            file.recognise(records.opener(upload), Reading(source=source))
        except SheetError as error:
            uploads.drop(upload)
            form.add_error("file", str(error))
            return self.show(form)
        url = reverse("customers:import_columns", args=[self.request.store.slug, upload.pk])
        return lead_on(self.request, f"{url}?source={source}")


def lead_on(request: StoreRequest, url: str) -> HttpResponse:
    """On to the next page, which is never a piece of this one."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


class ImportColumns(StoreView):
    """Shows how the file is read, and takes the owner's own word over it."""

    right = Right.IMPORT
    template_name = "customers/import_columns.html"

    @cached_property
    def upload(self) -> Upload:
        found = Upload.objects.filter(store=self.request.store, pk=self.kwargs["upload"]).first()
        if found is None:
            raise Http404
        found.store = self.request.store
        return found

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
            sheet = file.recognise(records.opener(self.upload), reading)
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
            "before": self._imported_before(),
        }
        return self.render(self.template_name, context)

    def _sheet(self, reading: Reading, error: str) -> tuple[Sheet | None, str]:
        try:
            return file.recognise(records.opener(self.upload), reading), error
        except SheetError as unreadable:
            return None, error or str(unreadable)

    def _imported_before(self) -> Batch | None:
        """The last import of the very same file that was not undone."""
        done = Batch.objects.filter(
            store=self.request.store,
            kind=kinds.CUSTOMER_IMPORT.name,
            state=State.DONE,
            undone_by=None,
            asked__sha256=self.upload.sha256,
        )
        before = done.select_related("by").order_by("-pk").first()
        if before is not None:
            before.store = self.request.store
        return before
