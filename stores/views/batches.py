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

from stores import csv_out, nouns
from stores.addresses import ListAddress
from stores.batches import Question, kind_of, undo_right
from stores.batches.kinds import PLANNED, RowList
from stores.models import Batch, Member, State
from stores.paging import Count, KeyPage, KeyPaginator, PageBeyond
from stores.views.base import StoreRequest, StoreView

SHOWN = 10
CSV_ROWS = 1_000
WATCH = "batch-state"


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

    @cached_property
    def lists(self) -> list[RowList]:
        """The lists of its rows; none until the plan is whole."""
        return kind_of(self.batch).lists(self.batch) if self.batch.is_planned else []

    @property
    def wanted(self) -> RowList:
        """The list that is looked at."""
        name = self.request.GET.get("rows", "")
        return next((one for one in self.lists if one.name == name), self.lists[0])

    def chosen(self) -> QuerySet[Any]:
        """The rows of the list that is looked at."""
        planned = kind_of(self.batch).planned(self.batch)
        return planned.filter(self.wanted.rows) if self.lists else planned.none()

    def count(self, rows: RowList) -> Count:
        if rows.count is not None:
            return Count(rows.count)
        return Count.up_to_cap(kind_of(self.batch).planned(self.batch).filter(rows.rows))

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
            "can_call_off": batch.has_ended and kind.under_way(batch),
            "button": self._button(),
            "question": self._question(),
            "can_undo": may_undo(batch, self.request.member),
            "can_do_again": batch.has_ended and kind.can_do_again,
            "undone_by": getattr(batch, "undone_by", None),
            "can_resume": batch.state in (State.FAILED, State.CANCELLED)
            and batch.confirmed_at is not None,
            **(self._rows() if batch.is_planned and not batch.is_working else {}),
        }

    def _button(self) -> str:
        """What the button says that applies a preview; '' where it cannot be applied."""
        batch, kind = self.batch, kind_of(self.batch)
        can = batch.is_planned and kind.touched(batch) and not kind.refusal(batch)
        return kind.button(batch) if can else ""

    def _question(self) -> Question | None:
        previewed = self.batch.state == State.PREVIEWED
        return kind_of(self.batch).question(self.batch) if previewed else None

    def _rows(self) -> dict[str, Any]:
        kind, address, wanted = kind_of(self.batch), ListAddress(self.request), self.wanted
        counts = {one.name: self.count(one) for one in self.lists}
        paginator = KeyPaginator(
            rows=self.chosen(),
            column=kind.target,
            descending=False,
            per_page=address.per_page if self.batch.has_ended else SHOWN,
            count=counts[wanted.name],
            name=f"batch:{self.batch.pk}:{wanted.name}",
        )
        try:
            page: KeyPage = address.page(paginator)
        except PageBeyond:
            page = paginator.last()
        return {
            "lists": [
                {
                    "name": one.name,
                    "label": one.label,
                    "count": counts[one.name],
                    "active": one == wanted,
                }
                for one in self.lists
                if one == wanted or counts[one.name].value
            ],
            "wanted": wanted.name,
            "page": page,
            "lines": kind.lines(self.batch, page.keys),
            **address.links(page),
            "noun": kind.all_things(),
            "noun_one": nouns.form(kind.noun, 1),
            "things": nouns.form(kind.noun, page.count.value),
        }


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
        name = f"batch-{self.batch.pk}-{self.wanted.name if self.lists else PLANNED}"
        header = kind.header_of(self.batch, self.wanted) if self.lists else kind.header
        return csv_out.answer(name, header, self._cells())

    def _cells(self) -> Iterator[list[Any]]:
        kind = kind_of(self.batch)
        rows = self.chosen().order_by(kind.target)
        last = 0
        while keys := list(
            rows.filter(**{f"{kind.target}__gt": last}).values_list("pk", kind.target)[:CSV_ROWS]
        ):
            for line in kind.lines(self.batch, [key for key, _target in keys]):
                yield kind.cells(self.batch, line)
            last = keys[-1][1]


def may_undo(batch: Batch, member: Member) -> bool:
    """Whether a batch has done something that can be given back, and the member may do so."""
    can = batch.has_ended and batch.handled > 0 and bool(kind_of(batch).undo_kind)
    return can and member.may(undo_right(batch))


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
