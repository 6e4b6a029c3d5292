"""Pages of batches: what was changed, by whom, how far it is, what came of each row, and undo."""

import json
from collections.abc import Iterator
from functools import cached_property
from html import escape
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from stores import batches, csv_out
from stores.addresses import ListAddress
from stores.batches import BatchRefused, kind_of
from stores.filters import StoreFilterSet
from stores.models import Batch, Outcome, State, Store
from stores.paging import Count, KeyPage, KeyPaginator, PageBeyond
from stores.tables import Column, NumberColumn, Row, Table
from stores.templatetags.stores_ui import moment
from stores.views.base import StoreRequest, StoreView
from stores.views.forms import answer_saved
from stores.views.lists import ListPage, Sort

CONFLICT = 409
SHOWN = 10
CSV_ROWS = 1_000
WATCH = "batch-state"
DONE = "done"
DRIFTED = "drifted"
LISTS = (DONE, Outcome.SHORT.value, Outcome.LEFT_OUT.value, DRIFTED)


class BatchView(StoreView):
    """A view of one batch of the store."""

    template_name = "batches/batch.html"

    @cached_property
    def batch(self) -> Batch:
        rows = Batch.objects.select_related("by", "undoes", "undone_by")
        batch = rows.filter(store=self.request.store, pk=self.kwargs["pk"]).first()
        if batch is None:
            raise Http404
        batch.store = self.request.store
        return batch

    @property
    def wanted(self) -> str:
        name = self.request.GET.get("rows", "")
        return name if name in LISTS and self.batch.has_ended else DONE

    def chosen(self) -> QuerySet[Any]:
        """The rows of the list that is looked at: all that are planned, or some that were done."""
        batch, kind = self.batch, kind_of(self.batch)
        if not batch.has_ended:
            return kind.planned(batch)
        return self.ended_in(self.wanted)

    def ended_in(self, name: str) -> QuerySet[Any]:
        """The rows that were worked on, of one of the lists."""
        batch, kind = self.batch, kind_of(self.batch)
        rows = kind.planned(batch).filter(**{f"{kind.target}__lte": batch.cursor})
        if name == DRIFTED:
            return rows.filter(drifted=True)
        if name == DONE:
            return rows.exclude(outcome=Outcome.LEFT_OUT)
        return rows.filter(outcome=name)

    def show(self, *, error: str = "", status: int = 200) -> HttpResponse:
        context = {**self.context(), "error": error}
        return self.render(self.template_name, context, part="body", status=status)

    def context(self) -> dict[str, Any]:
        batch, kind = self.batch, kind_of(self.batch)
        return {
            "title": batch.title,
            "batch": batch,
            "kind": kind,
            "may_change": self.may(kind.right),
            "facts": kind.facts(batch),
            "figures": kind.figures(batch),
            "warnings": kind.warnings(batch),
            "button": kind.button(batch) if kind.touched(batch) else "",
            "can_undo": batch.has_ended and batch.handled > 0 and bool(kind.undo_kind),
            "undone_by": getattr(batch, "undone_by", None),
            "can_resume": batch.state in (State.FAILED, State.CANCELLED)
            and batch.confirmed_at is not None,
            **(self._rows() if batch.planned and not batch.is_working else {}),
        }

    def _rows(self) -> dict[str, Any]:
        rows, kind = self.chosen(), kind_of(self.batch)
        address = ListAddress(self.request)
        counts = self._counts()
        paginator = KeyPaginator(
            rows=rows,
            column=kind.target,
            descending=False,
            per_page=address.per_page if self.batch.has_ended else SHOWN,
            count=counts[self.wanted],
            name=f"batch:{self.batch.pk}:{self.wanted}",
        )
        try:
            page: KeyPage = address.page(paginator)
        except PageBeyond:
            page = paginator.last()
        return {
            "lists": [
                {
                    "name": name,
                    "label": getattr(kind, name),
                    "count": counts[name],
                    "active": name == self.wanted,
                }
                for name in LISTS
                if name == DONE or counts[name].value
            ],
            "wanted": self.wanted,
            "page": page,
            "lines": kind.lines(self.batch, page.keys),
            **address.links(page),
            "noun": kind.noun,
            "noun_one": kind.noun_one,
        }

    def _counts(self) -> dict[str, Count]:
        """How many rows each list has; all that are planned, until they are worked on."""
        batch = self.batch
        if not batch.has_ended:
            return {DONE: Count(batch.planned)}
        counts = {name: Count.up_to_cap(self.ended_in(name)) for name in LISTS if name != DONE}
        left_out = counts[Outcome.LEFT_OUT]
        if left_out.exact:
            return {DONE: Count(batch.handled - left_out.value), **counts}
        return {DONE: Count.up_to_cap(self.ended_in(DONE)), **counts}


class BatchPage(BatchView):
    """One batch: its preview, its progress, or its result."""

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        answer = self.show()
        if request.htmx.trigger == WATCH and not self.batch.is_working:
            answer.headers["HX-Trigger"] = "results:refresh"
        return answer


class BatchRows(BatchView):
    """A list of rows of a batch as a file."""

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        kind = kind_of(self.batch)
        name = f"batch-{self.batch.pk}-{self.wanted}"
        return csv_out.answer(name, kind.header, self._cells())

    def _cells(self) -> Iterator[list[Any]]:
        kind = kind_of(self.batch)
        rows = self.chosen().order_by(kind.target)
        last = 0
        while keys := list(
            rows.filter(**{f"{kind.target}__gt": last}).values_list("pk", kind.target)[:CSV_ROWS]
        ):
            for line in kind.lines(self.batch, [key for key, _ in keys]):
                yield kind.cells(self.batch, line)
            last = keys[-1][1]


class BatchDeed(BatchView):
    """A deed on a batch: whoever may make such a change may do it."""

    question = ""
    text = ""
    label = ""

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        self._ask_right()
        context = {
            "title": self.question,
            "text": f"{self.batch.title}: {self.text}",
            "submit_label": self.label,
            "cancel_url": self.batch.get_absolute_url(),
        }
        return self.render("stores/confirm.html", context, part="body")

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        self._ask_right()
        try:
            batch = self.do()
        except BatchRefused as refused:
            return self.show(error=str(refused), status=CONFLICT)
        batch.store = request.store
        return self.answer(batch)

    def do(self) -> Batch:
        raise TypeError(f"{type(self).__name__} does nothing")

    def answer(self, batch: Batch) -> HttpResponse:
        """A small change is done by now and is said so; of a large one its page tells."""
        if batch.state != State.DONE:
            return to_page(self.request, batch)
        kind = kind_of(batch)
        undo = "" if batch.undoes_id else reverse_batch(batch, "undo")
        return answer_saved(self.request, kind.said(batch), batch, undo=undo)

    def _ask_right(self) -> None:
        if not self.may(kind_of(self.batch).right):
            raise PermissionDenied


class ApplyBatch(BatchDeed):
    """Applies a preview, once."""

    question = "Apply this change?"
    text = "exactly what the preview shows is done."
    label = "Apply"

    def do(self) -> Batch:
        return batches.apply(batch=self.batch, by=self.request.user)


class UndoBatch(BatchDeed):
    """Gives back what a batch did."""

    question = "Undo this change?"
    text = "what it moved is given back, as far as it is still there."
    label = "Undo"

    def do(self) -> Batch:
        return batches.undo(batch=self.batch, by=self.request.user)


class CancelBatch(BatchDeed):
    """Stops a batch."""

    question = "Stop this change?"
    text = "what is done until now stands, and can be undone."
    label = "Stop"

    def do(self) -> Batch:
        return batches.cancel(batch=self.batch, by=self.request.user)

    def answer(self, batch: Batch) -> HttpResponse:
        return to_page(self.request, batch)


class ResumeBatch(BatchDeed):
    """Lets a batch that stopped half-way go on."""

    question = "Go on with this change?"
    text = "it goes on with the rows that are left."
    label = "Go on"

    def do(self) -> Batch:
        return batches.resume(batch=self.batch, by=self.request.user)


def to_page(request: StoreRequest, batch: Batch) -> HttpResponse:
    """On to the page of a batch: in the dialog that is open, or as a page."""
    url = batch.get_absolute_url()
    if not request.htmx:
        return redirect(url)
    events = json.dumps({"dialog:open": {"url": url}})
    return HttpResponse(status=204, headers={"HX-Trigger": events})


def reverse_batch(batch: Batch, name: str) -> str:
    return reverse(f"batches:{name}", args=[batch.store.slug, batch.pk])


class TitleColumn(Column):
    """What was changed; leads to the batch."""

    css = "name"

    def html(self, value: Any, row: Row, store: Store) -> str:
        url, title = escape(row["url"]), escape(value)
        return f'<a href="{url}" data-dialog><span class="cut">{title}</span></a>'


class StateColumn(Column):
    """Where it stands, with the share that is done while it runs."""

    def html(self, value: str, row: Row, store: Store) -> str:
        label = escape(str(State(value).label).capitalize())
        return f'<span class="state state-{escape(value)}">{label}</span>'


class MomentColumn(Column):
    """A moment in the time of the store."""

    def html(self, value: Any, row: Row, store: Store) -> str:
        return moment(value)


class BatchTable(Table):
    """Batches with who, what and when."""

    title = TitleColumn(verbose_name="Change", orderable=False)
    by = Column(verbose_name="Who", orderable=False)
    created_at = MomentColumn(verbose_name="When", orderable=False)
    planned = NumberColumn(verbose_name="Rows", orderable=False)
    state = StateColumn(verbose_name="State", orderable=False)

    def row_url(self, row: Row) -> str:
        return reverse("batches:batch", args=[self.store.slug, row["pk"]])


class BatchFilters(StoreFilterSet):
    """Batches are few: newest first is enough."""

    class Meta:
        model = Batch
        fields: tuple[str, ...] = ()


class BatchList(ListPage):
    """Every bulk change of the store, newest first."""

    title = "Bulk changes"
    noun = "changes"
    noun_one = "change"
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
        rows = Batch.objects.filter(pk__in=keys).select_related("by")
        return {
            batch.pk: {
                "pk": batch.pk,
                "title": batch.title,
                "by": str(batch.by or ""),
                "created_at": batch.created_at,
                "planned": batch.planned,
                "state": batch.state,
            }
            for batch in rows
        }

    def empty_words(self) -> tuple[str, str]:
        return "No bulk change yet", "What changes many rows at once is listed here, with undo."
