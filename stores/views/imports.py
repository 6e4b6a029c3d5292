"""What the pages of every import share: the file is sent, then its columns are looked at."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores import uploads
from stores.batches import BatchRefused
from stores.models import Batch, State, Upload
from stores.nouns import Words
from stores.rights import Right
from stores.sheet_dialects import SheetError

from .base import StoreRequest, StoreView
from .forms import FormPage

LOOK_AGAIN = "look"


class SheetPage(FormPage):
    """Takes a file; one that cannot be read as a whole is not kept."""

    submit_label = gettext_lazy("Look at the columns")
    template_name = "stores/import_file.html"
    right = Right.IMPORT
    hint: Words = ""

    def look(self, upload: Upload, form: Any) -> None:
        """Look at the file. Raises SheetError."""
        raise TypeError(f"{type(self).__name__} looks at no file")

    def columns_url(self, upload: Upload, form: Any) -> str:
        raise TypeError(f"{type(self).__name__} leads nowhere")

    def valid(self, form: Any) -> HttpResponse:
        upload = uploads.keep(
            store=self.request.store, file=form.cleaned_data["file"], by=self.request.user
        )
        try:
            self.look(upload, form)
        except SheetError as error:
            uploads.drop(upload)
            form.add_error("file", str(error))
            return self.show(form)
        return lead_on(self.request, self.columns_url(upload, form))

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "hint": self.hint, "other": self.other_import()}

    def other_import(self) -> tuple[str, str] | None:
        """The name and the address of another import that somebody may have meant."""
        return None


class UploadView(StoreView):
    """A view of one file that was sent to the store; of no other."""

    right = Right.IMPORT
    template_name = ""
    # The kind of batch that is made of it.
    kind_name = ""

    @cached_property
    def upload(self) -> Upload:
        found = Upload.objects.filter(store=self.request.store, pk=self.kwargs["upload"]).first()
        if found is None:
            raise Http404
        found.store = self.request.store
        return found

    def imported_before(self) -> Batch | None:
        """The last import of the very same file that was not undone."""
        done = Batch.objects.filter(
            store=self.request.store,
            kind=self.kind_name,
            state=State.DONE,
            undone_by=None,
            asked__sha256=self.upload.sha256,
        )
        before = done.select_related("by").order_by("-pk").first()
        if before is not None:
            before.store = self.request.store
        return before


class ColumnsPage(UploadView):
    """Shows how a file is read, and takes the owner's own word over it. A subclass names its forms,
    and says how it looks at the file and what it makes of it.
    """

    reading_form: type[Any]
    columns_form: type[Any]

    def recognise(self, reading: Any) -> Any:
        """The sheet. Raises SheetError."""
        raise TypeError(f"{type(self).__name__} recognises nothing")

    def begin(self) -> dict[str, str]:
        """How the file is read before anybody has said anything."""
        raise TypeError(f"{type(self).__name__} does not know how to begin")

    def draft(self, reading: Any, sheet: Any, form: Any) -> Batch:
        """Plan the import. Raises SheetError, BatchRefused."""
        raise TypeError(f"{type(self).__name__} plans nothing")

    def next_page(self, batch: Batch) -> str:
        return batch.get_absolute_url()

    def kept(self) -> dict[str, str]:
        """What is kept of the columns' form while the file is looked at again."""
        return {}

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        return self.show(self.reading_form(self.begin()))

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        reading_form = self.reading_form(request.POST)
        reading = reading_form.reading
        if LOOK_AGAIN in request.POST or not reading_form.is_valid():
            return self.show(reading_form)
        try:
            sheet = self.recognise(reading)
        except SheetError as error:
            return self.show(reading_form, error=str(error))
        form = self.columns_form(request.POST, store=request.store, sheet=sheet)
        if not form.is_valid():
            return self.show(reading_form, form)
        try:
            batch = self.draft(reading, sheet, form)
        except (SheetError, BatchRefused) as error:
            return self.show(reading_form, form, error=str(error))
        return lead_on(request, self.next_page(batch))

    def show(self, reading_form: Any, form: Any = None, *, error: str = "") -> HttpResponse:
        sheet, error = self._sheet(reading_form.reading, error)
        if form is None and sheet is not None:
            form = self.columns_form(store=self.request.store, sheet=sheet, initial=self.kept())
        context = {
            "title": _("Columns of %(upload)s") % {"upload": self.upload.name},
            "upload": self.upload,
            "reading_form": reading_form,
            "form": form,
            "sheet": sheet,
            "error": error,
            "before": self.imported_before(),
        }
        return self.render(self.template_name, context)

    def _sheet(self, reading: Any, error: str) -> tuple[Any, str]:
        try:
            return self.recognise(reading), error
        except SheetError as unreadable:
            return None, error or str(unreadable)


def lead_on(request: StoreRequest, url: str) -> HttpResponse:
    """On to the next page, which is never a piece of this one."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
