"""What the pages of products, categories, vendors and vendor groups share."""

from typing import Any

from django.db.models import Aggregate, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from products import catalogue
from products.forms import CatalogueForm
from stores.nouns import Words
from stores.paging import Count
from stores.rights import Right
from stores.views import CONFLICT, ConfirmPage, ListPage, RowView, StoreRequest, answer_saved, rows
from stores.views.lists import Action

# The words that lead back to a list.
ALL = {
    "products:list": gettext_lazy("All products"),
    "products:categories": gettext_lazy("All categories"),
    "products:vendors": gettext_lazy("All vendors"),
    "products:groups": gettext_lazy("All vendor groups"),
}
GONE = gettext_noop("What you chose was deleted meanwhile. Choose again.")


def of_each(inside: QuerySet[Any], field: str, aggregate: Aggregate) -> Coalesce:
    """What the rows come to that point at each listed one by `field`; 0 where none does."""
    theirs = inside.filter(**{field: OuterRef("pk")}).order_by().values(field)
    found = theirs.annotate(of_each=aggregate).values("of_each")
    return Coalesce(Subquery(found), 0, output_field=IntegerField())


class CatalogueList(ListPage):
    """A list of the catalogue, counted to the cap."""

    add_name = ""
    add_label: Words = ""

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
        return [Action(str(self.add_label), url, "plus", primary=True)]


class SavesRow(rows.SavesRow):
    """A form of the catalogue; a name that is taken leads to the row that has it."""

    list_name = ""
    template_name = "products/row.html"
    form_class: type[CatalogueForm]
    refusals = (catalogue.Taken, catalogue.Gone)

    def refuse(self, form: Any, refused: Exception) -> None:
        if isinstance(refused, catalogue.Taken):
            form.show_taken(refused.row)
        else:
            form.add_error(None, _(GONE))

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "all_words": ALL[self.list_name]}


class AddRow(SavesRow, rows.AddRow):
    """A new row of the catalogue."""

    right = Right.EDIT_CATALOGUE

    def add(self, form: Any) -> Any:
        store, by = self.request.store, self.request.user
        row = catalogue.add(form.model, store=store, by=by, **form.values)
        self.added(form, row)
        return row

    def added(self, form: Any, row: Any) -> None:
        """Do what comes after."""


class EditRow(SavesRow, rows.EditRow):
    """A row of the catalogue, and what else can be done with it."""

    change_right = Right.EDIT_CATALOGUE

    def save(self, form: Any) -> bool:
        opened = form.cleaned_data["opened"]
        by = self.request.user
        return bool(catalogue.edit(row=self.row, by=by, opened=opened, fields=form.values))

    def links(self) -> list[tuple[str, str]]:
        """Words and address of each deed."""
        return []

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "row_links": self.links() if self.may_edit else []}


class Deed(RowView, ConfirmPage):
    """Something done to a row after one question, which names it: `asks`, and what it `means`."""

    right = Right.EDIT_CATALOGUE
    asks: Words = ""
    means: Words = ""

    def question(self) -> str:
        return self.asks % {"name": self.row}

    def words(self) -> str:
        return str(self.means)

    def confirmation(self, words: str) -> dict[str, Any]:
        return {**super().confirmation(words), "cancel_url": self.row.get_absolute_url()}


class Deletion(Deed):
    """Deletes a row that nothing points at; else `kept` says what does."""

    asks = gettext_lazy("Delete %(name)s?")
    means = gettext_lazy("It is gone for good.")
    label = gettext_lazy("Delete")
    danger = True
    kept: Words = ""

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        name = str(self.row)
        try:
            catalogue.remove(row=self.row, by=request.user)
        except catalogue.InUse:
            return self.ask(self.kept % {"name": name}, status=CONFLICT)
        return answer_saved(request, _("%(name)s was deleted.") % {"name": name}, self.cancel_url())


class PuttingAway(Deed):
    """Puts a row away so that it can be taken back at `back_name`; `done` says so."""

    back_name = ""
    done: Words = ""

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        catalogue.put_away(row=self.row, by=request.user)
        done, undo = self.done % {"name": self.row}, self.address(self.back_name)
        return answer_saved(request, done, self.cancel_url(), undo=undo)


class TakingBack(Deed):
    """Takes a row back that was put away."""

    done: Words = ""

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        catalogue.take_back(row=self.row, by=request.user)
        return answer_saved(request, self.done % {"name": self.row}, self.cancel_url())
