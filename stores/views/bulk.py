"""Forms that lead to the preview of a batch."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from stores.batches import BatchRefused
from stores.models import Batch
from stores.ticks import TargetsForm, opened_with
from stores.views.batches import show_preview
from stores.views.forms import FormPage


class BulkPage(FormPage):
    """Asks what to change and for which rows; `draft` plans it, and the preview is shown."""

    submit_label = _("Preview")
    template_name = "stores/targets_form.html"
    fields_template = ""

    def form_options(self) -> dict[str, Any]:
        if not issubclass(self.form_class, TargetsForm):
            return super().form_options()
        return {**super().form_options(), **opened_with(self.request)}

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "fields_template": self.fields_template}

    def draft(self, form: Any) -> Batch:
        """Plan what a valid form asks for. Raises BatchRefused."""
        raise TypeError(f"{type(self).__name__} plans nothing")

    def valid(self, form: Any) -> HttpResponse:
        try:
            batch = self.draft(form)
        except BatchRefused as refused:
            form.add_error(None, str(refused))
            return self.show(form)
        return show_preview(self.request, batch)
