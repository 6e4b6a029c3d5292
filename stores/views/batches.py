"""Pages of batches: what was changed, by whom, how far it is, and what came of each row."""

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from stores import csv_out
from stores.addresses import ListAddress
from stores.batches import kind_of
from stores.batches.kinds import CHUNK
from stores.models import Batch, Outcome, State
from stores.paging import Count, KeyPage, KeyPaginator, PageBeyond
from stores.views.base import StoreRequest, StoreView

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
    def has_result(self) -> bool:
        """Whether rows were worked on: a batch may end before its plan is whole."""
        return self.batch.has_ended and self.batch.is_planned

    @property
    def shows_moving(self) -> bool:
        """Whether a preview shows only what changes: in a long one that would have to be sought."""
        batch = self.batch
        few = not batch.has_ended and batch.planned <= CHUNK
        return few and kind_of(batch).touched(batch) > 0

    @property
    def wanted(self) -> str:
        name = self.request.GET.get("rows", "")
        return name if name in LISTS and self.has_result else DONE

    def chosen(self) -> QuerySet[Any]:
        """The rows of the list that is looked at: what is planned, or some that were done."""
        batch, kind = self.batch, kind_of(self.batch)
        if self.shows_moving:
            return kind.planned(batch).exclude(outcome=Outcome.LEFT_OUT)
        if not batch.has_ended:
            return kind.planned(batch)
        return self.ended_in(self.wanted) if batch.is_planned else kind.planned(batch).none()

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
            "figures": kind.figures(batch) if batch.is_planned else [],
            "warnings": kind.warnings(batch) if batch.is_planned else [],
            "button": kind.button(batch) if kind.touched(batch) else "",
            "can_undo": may_undo(batch),
            "can_do_again": batch.has_ended and kind.can_do_again,
            "undone_by": getattr(batch, "undone_by", None),
            "can_resume": batch.state in (State.FAILED, State.CANCELLED)
            and batch.confirmed_at is not None,
            **(self._rows() if batch.is_planned and not batch.is_working else {}),
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
                for name in counts
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
            kind = kind_of(batch)
            return {DONE: Count(kind.touched(batch) if self.shows_moving else batch.planned)}
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
        if not self.may(kind.right):
            raise PermissionDenied
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


def may_undo(batch: Batch) -> bool:
    """Whether a batch has done something that can be given back."""
    return batch.has_ended and batch.handled > 0 and bool(kind_of(batch).undo_kind)


def batch_url(batch: Batch, name: str, key: int | None = None) -> str:
    """A page of a batch, or of another one of its store."""
    return reverse(f"batches:{name}", args=[batch.store.slug, key or batch.pk])


def show_preview(request: StoreRequest, batch: Batch) -> HttpResponse:
    """The preview of a batch that was drafted just now: in the dialog that is open, which is at
    the address of the batch then, or as a page.
    """
    if not request.htmx:
        return redirect(batch.get_absolute_url())
    page = BatchPage()
    page.setup(request, slug=request.store.slug, pk=batch.pk)
    answer = page.show()
    answer.headers["HX-Trigger"] = json.dumps({"dialog:at": {"url": batch.get_absolute_url()}})
    return answer


def to_page(request: StoreRequest, batch: Batch) -> HttpResponse:
    """On to the page of a batch: in the dialog that is open, or as a page."""
    url = batch.get_absolute_url()
    if not request.htmx:
        return redirect(url)
    events = json.dumps({"dialog:open": {"url": url}})
    return HttpResponse(status=204, headers={"HX-Trigger": events})
