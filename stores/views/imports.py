"""What the pages of every import share: the file is sent, then its columns are looked at."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect

from stores import uploads
from stores.models import Batch, State, Upload
from stores.rights import Right
from stores.sheets import SheetError

from .base import StoreRequest, StoreView
from .forms import FormPage

LOOK_AGAIN = "look"


class SheetPage(FormPage):
    """Takes a file; one that cannot be read as a whole is not kept."""

    submit_label = "Look at the columns"
    template_name = "stores/import_file.html"
    right = Right.IMPORT
    hint = ""

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


def lead_on(request: StoreRequest, url: str) -> HttpResponse:
    """On to the next page, which is never a piece of this one."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
