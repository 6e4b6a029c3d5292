"""Rows of a store, each at its own address: added by a form, looked at, edited."""

from functools import cached_property
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from stores.edits import Changed

from .base import CONFLICT, StoreView
from .forms import FormPage, answer_saved


class RowView(StoreView):
    """A view of one row of the store; of no other. `slot` holds its key, `related` are rows that
    are read along with it.
    """

    model: type[Model]
    slot: str
    list_name = ""
    related: tuple[str, ...] = ()

    @cached_property
    def row(self) -> Any:
        rows = self.model._default_manager.filter(store=self.request.store)
        if self.related:
            rows = rows.select_related(*self.related)
        row: Any = rows.filter(pk=self.kwargs[self.slot]).first()
        if row is None:
            raise Http404
        row.store = self.request.store
        return row

    def cancel_url(self) -> str:
        return reverse(self.list_name, args=[self.request.store.slug])

    def address(self, name: str) -> str:
        """A page of this row."""
        return reverse(name, args=[self.request.store.slug, self.row.pk])


class SavesRow(FormPage):
    """A form that writes a row by a verb, and says so. `refusals` are what the verb may raise."""

    refusals: tuple[type[Exception], ...] = ()

    def valid(self, form: Any) -> HttpResponse:
        try:
            said = self.write(form)
        except Changed as changed:
            form.show_conflict(changed)
            return self.show(form, status=CONFLICT)
        except self.refusals as refused:
            self.refuse(form, refused)
            return self.show(form)
        return self.answer(said)

    def answer(self, said: str) -> HttpResponse:
        return answer_saved(self.request, said, self.cancel_url())

    def write(self, form: Any) -> str:
        """Call the verb; what was done, in words."""
        raise TypeError(f"{type(self).__name__} writes nothing")

    def refuse(self, form: Any, refused: Exception) -> None:
        """Say at the field why it was not done."""
        raise refused


class AddRow(SavesRow):
    """A new row, which then stands in its list."""

    list_name = ""

    def write(self, form: Any) -> str:
        return _("%(row)s was added.") % {"row": self.add(form)}

    def add(self, form: Any) -> Any:
        raise TypeError(f"{type(self).__name__} adds nothing")

    def cancel_url(self) -> str:
        return reverse(self.list_name, args=[self.request.store.slug])


class EditRow(RowView, SavesRow):
    """A row: a form for those who have the `change_right`, facts for the others."""

    def form_options(self) -> dict[str, Any]:
        return {"store": self.request.store, "row": self.row}

    def write(self, form: Any) -> str:
        return (
            _("%(row)s was saved.") % {"row": self.row}
            if self.save(form)
            else _("Nothing was changed.")
        )

    def save(self, form: Any) -> bool:
        """Call the verb; whether anything was changed."""
        raise TypeError(f"{type(self).__name__} saves nothing")

    @property
    def may_edit(self) -> bool:
        return self.may(self.change_right or self.right)

    def context(self, form: Any) -> dict[str, Any]:
        return {
            **super().context(form),
            "title": str(self.row),
            "row": self.row,
            "facts": None if self.may_edit else form.facts(),
        }
