"""The list of batches: who changed many rows, what, when, and how far it is."""

from functools import cached_property
from html import escape
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from stores.filterset import StoreFilterSet
from stores.models import Batch, State, Store
from stores.models.batch import WORKING
from stores.paging import Count
from stores.tables import Column, KeyedTable, MomentColumn, NumberColumn, Row
from stores.views.batches import batch_url, may_undo
from stores.views.lists import ListPage, Sort


class TitleColumn(Column):
    """What was changed; leads to the batch."""

    css = "name"

    def html(self, value: Any, row: Row, store: Store) -> str:
        url, title = escape(row["url"]), escape(value)
        return f'<a href="{url}" data-dialog><span class="cut">{title}</span></a>'


class StateColumn(Column):
    """Where it stands, with the share that is done while it runs."""

    @cached_property
    def labels(self) -> dict[str, str]:
        """Asked for once in each table."""
        return {state.value: escape(str(state.label).capitalize()) for state in State}

    def html(self, value: str, row: Row, store: Store) -> str:
        label = self.labels[value]
        share = f" {row['percent']} %" if value == State.RUNNING else ""
        return f'<span class="state state-{escape(value)}">{label}{share}</span>'


class UndoColumn(Column):
    """Leads to undoing it, or to the batch that undid it."""

    def html(self, value: tuple[str, str], row: Row, store: Store) -> str:
        label, url = value
        return f'<a href="{escape(url)}" data-dialog>{escape(label)}</a>' if label else ""


class BatchTable(KeyedTable):
    """Batches with who, what and when."""

    list_name = "batches:list"
    title = TitleColumn(verbose_name=gettext_lazy("Change"), orderable=False)
    state = StateColumn(verbose_name=gettext_lazy("State"), orderable=False)
    by = Column(verbose_name=gettext_lazy("Who"), orderable=False)
    created_at = MomentColumn(verbose_name=gettext_lazy("When"), orderable=False)
    planned = NumberColumn(verbose_name=gettext_lazy("Rows"), orderable=False)
    undo = UndoColumn(verbose_name=gettext_lazy("Undo"), orderable=False)


class BatchFilters(StoreFilterSet):
    """Batches are few: newest first is enough."""

    class Meta:
        model = Batch
        fields: tuple[str, ...] = ()


class BatchList(ListPage):
    """Every bulk change of the store, newest first."""

    title = gettext_lazy("Bulk changes")
    noun = ngettext_lazy("change", "changes")
    table_class = BatchTable
    filterset_class = BatchFilters
    default_sort = "-created"
    sorts = {"created": Sort("id")}
    template_name = "batches/list.html"

    def listed(self) -> QuerySet[Batch]:
        return Batch.objects.filter(store=self.request.store)

    def total(self) -> Count:
        return Count.up_to_cap(self.listed())

    def rows(self, keys: list[int]) -> dict[int, Row]:
        rows = Batch.objects.filter(pk__in=keys).select_related("by", "undone_by")
        return {batch.pk: self._row(batch) for batch in rows}

    def _row(self, batch: Batch) -> Row:
        return {
            "pk": batch.pk,
            "title": batch.title,
            "by": str(batch.by or ""),
            "created_at": batch.created_at,
            "planned": batch.planned,
            "state": batch.state,
            "percent": batch.percent,
            "undo": self._undo(batch),
        }

    def _undo(self, batch: Batch) -> tuple[str, str]:
        """The words and the address of what can be done, or was done, to take it back."""
        batch.store = self.request.store
        if undone_by := getattr(batch, "undone_by", None):
            return _("Undone"), batch_url(batch, "batch", undone_by.pk)
        if may_undo(batch, self.request.member):
            return _("Undo"), batch_url(batch, "undo")
        return "", ""

    def page_context(self) -> dict[str, Any]:
        """A list in which something is at work is looked at again and again."""
        working = self.listed().filter(state__in=WORKING).exists()
        return {**super().page_context(), "again_every": "2s" if working else ""}

    def empty_words(self) -> tuple[str, str]:
        return _("No bulk change yet"), _(
            "What changes many rows at once is listed here, with undo."
        )
