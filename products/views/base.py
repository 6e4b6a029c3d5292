"""What the pages of products, categories, vendors and vendor groups share."""

from functools import cached_property
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpResponse
from django.urls import reverse

from products import catalogue
from products.forms import CatalogueForm
from stores.paging import Count
from stores.rights import Right
from stores.views import FormPage, ListPage, StoreRequest, StoreView, answer_saved
from stores.views.lists import Action

CONFLICT = 409
GONE = "What you chose was deleted meanwhile. Choose again."


class CatalogueList(ListPage):
    """A list of the catalogue, counted to the cap."""

    add_name = ""
    add_label = ""

    def total(self) -> Count:
        return Count.up_to_cap(self.listed())

    def link(self, label: str, name: str, icon: str) -> Action:
        """A button that leads to another list."""
        return Action(label, reverse(name, args=[self.request.store.slug]), icon, dialog=False)

    def adding(self) -> list[Action]:
        """The button that adds a row, for who may."""
        if not self.may(Right.EDIT_CATALOGUE):
            return []
        url = reverse(self.add_name, args=[self.request.store.slug])
        return [Action(self.add_label, url, "plus", primary=True)]


class AddRow(FormPage):
    """A new row of the catalogue."""

    right = Right.EDIT_CATALOGUE
    template_name = "products/row.html"
    form_class: type[CatalogueForm]
    list_name = ""

    def valid(self, form: Any) -> HttpResponse:
        store, by = self.request.store, self.request.user
        try:
            row = catalogue.add(form.model, store=store, by=by, **form.values)
        except (catalogue.Taken, catalogue.Gone) as refused:
            return self.refuse(form, refused)
        self.added(form, row)
        return answer_saved(self.request, f"{row} was added.", self.cancel_url())

    def added(self, form: Any, row: Any) -> None:
        """Do what comes after."""

    def refuse(self, form: Any, refused: Exception) -> HttpResponse:
        if isinstance(refused, catalogue.Taken):
            form.show_taken(refused.row)
        else:
            form.add_error(None, GONE)
        return self.show(form)

    def cancel_url(self) -> str:
        return reverse(self.list_name, args=[self.request.store.slug])


class RowView(StoreView):
    """A view of one row of the store's catalogue; of no other. `slot` holds its key."""

    model: type[Model]
    slot: str
    list_name = ""

    @cached_property
    def row(self) -> Any:
        rows = self.model._default_manager.filter(store=self.request.store)
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


class EditRow(RowView, AddRow):
    """A row: a form for those who may edit it, facts for the others."""

    right = Right.SEE
    change_right = Right.EDIT_CATALOGUE

    def form_options(self) -> dict[str, Any]:
        return {"store": self.request.store, "row": self.row}

    def valid(self, form: Any) -> HttpResponse:
        try:
            saved = self.save(form)
        except catalogue.Changed as changed:
            form.show_conflict(changed)
            return self.show(form, status=CONFLICT)
        except (catalogue.Taken, catalogue.Gone) as refused:
            return self.refuse(form, refused)
        text = f"{self.row} was saved." if saved else "Nothing was changed."
        return answer_saved(self.request, text, self.cancel_url())

    def save(self, form: Any) -> bool:
        opened = form.cleaned_data["opened"]
        by = self.request.user
        return bool(catalogue.edit(row=self.row, by=by, opened=opened, fields=form.values))

    def links(self) -> list[tuple[str, str]]:
        """What else can be done with the row: words and address."""
        return []

    def context(self, form: Any) -> dict[str, Any]:
        may_edit = self.may(Right.EDIT_CATALOGUE)
        return {
            **super().context(form),
            "title": str(self.row),
            "row": self.row,
            "facts": None if may_edit else form.facts(),
            "row_links": self.links() if may_edit else [],
        }


class Deed(RowView):
    """Something done to a row after one question."""

    right = Right.EDIT_CATALOGUE
    template_name = "stores/confirm.html"
    question = "{}?"
    words = ""
    label = ""
    danger = False

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        return self.ask(self.words)

    def ask(self, words: str, status: int = 200) -> HttpResponse:
        context = {
            "title": self.question.format(self.row),
            "text": words,
            "submit_label": self.label,
            "cancel_url": self.row.get_absolute_url(),
            "danger": self.danger,
        }
        return self.render(self.template_name, context, part="body", status=status)

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        raise TypeError(f"{type(self).__name__} does nothing")


class Deletion(Deed):
    """Deletes a row that nothing points at; else `kept` says what does."""

    question = "Delete {}?"
    words = "It is gone for good."
    label = "Delete"
    danger = True
    kept = ""

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        name = str(self.row)
        try:
            catalogue.remove(row=self.row, by=request.user)
        except catalogue.InUse:
            return self.ask(self.kept.format(name), status=CONFLICT)
        return answer_saved(request, f"{name} was deleted.", self.cancel_url())


class PuttingAway(Deed):
    """Puts a row away so that it can be taken back at `back_name`; `done` says so."""

    back_name = ""
    done = ""

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        catalogue.put_away(row=self.row, by=request.user)
        undo = self.address(self.back_name)
        return answer_saved(request, self.done.format(self.row), self.cancel_url(), undo=undo)


class TakingBack(Deed):
    """Takes a row back that was put away."""

    done = ""

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        catalogue.take_back(row=self.row, by=request.user)
        return answer_saved(request, self.done.format(self.row), self.cancel_url())
