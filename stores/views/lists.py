"""List pages: declared by a table, filters and sorts; paged by key."""

import dataclasses
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from stores import nouns
from stores.addresses import COLUMNS, VIEW
from stores.filterset import StoreFilterSet
from stores.models import Store
from stores.nouns import Noun, Words
from stores.paging import Count, KeyPage, KeyPaginator, PageBeyond
from stores.tables import TICK, Row

from .base import StoreRequest
from .list_columns import ColumnsView, columns_said
from .list_views import ListViews

RESULTS = "stores/list.html#results"
# What of the address stays where a search or a filter is sent.
KEPT = ("sort", "per_page", COLUMNS, VIEW)
# The lists that have saved views and columns of one's own, by the names of their addresses.
LISTS: dict[str, type["ListPage"]] = {}


@dataclasses.dataclass(frozen=True)
class Sort:
    """What a list is sorted by: a column of the listed table, or of `table`, another one with the
    same keys.

    Where `computed` is given, it is what `column` names: no index has it, so that each page sorts
    all rows. That is for lists of thousands.
    """

    column: str
    table: Callable[[Store], QuerySet[Any]] | None = None
    computed: Any = None


@dataclasses.dataclass(frozen=True)
class Action:
    """A button on top of a page; `of_list` takes along what the list shows and which rows are
    ticked.
    """

    label: Words
    url: str
    icon: str = ""
    dialog: bool = True
    primary: bool = False
    of_list: bool = False


class ListPage(ColumnsView):
    """A list: subclasses declare what is listed, how it looks and what it can be sorted and
    filtered by. One with a `list_name`, that of its address, has saved views and columns of one's
    own.
    """

    title: Words
    noun: Noun
    filterset_class: type[StoreFilterSet]
    sorts: dict[str, Sort]
    default_sort: str
    search_hint: Words = ""
    template_name = "stores/list.html"

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        if name := cls.__dict__.get("list_name"):
            LISTS[name] = cls

    def listed(self) -> QuerySet[Any]:
        """All rows of the list."""
        raise TypeError(f"{type(self).__name__} lists nothing")

    def total(self) -> Count:
        """How many rows there are without a filter, from a counter."""
        raise TypeError(f"{type(self).__name__} counts nothing")

    def rows(self, keys: list[int]) -> dict[int, Row]:
        """The rows of a page by key; what is `hidden` need not be read."""
        raise TypeError(f"{type(self).__name__} shows nothing")

    def row_query(self, order_by: str) -> str:
        """What the addresses of rows carry."""
        return ""

    def actions(self) -> list[Action]:
        return []

    def ticked_actions(self) -> list[Action]:
        """What can be done with ticked rows; where there is nothing, there is nothing to tick."""
        return []

    def first_deeds(self) -> list[Action]:
        """What a list begins with in which nothing stands yet."""
        return [action for action in self.actions() if action.primary]

    def empty_words(self) -> tuple[str, str]:
        return _("No %(things)s yet") % {"things": self.things(0)}, ""

    def things(self, number: int) -> str:
        """What is listed, as it is called behind a number."""
        return nouns.form(self.noun, number)

    def get(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        self.address.remember()
        context = {**self.page_context(), **self.frame_context()}
        if request.htmx and request.htmx.target == "results":
            return TemplateResponse(request, RESULTS, context)
        return TemplateResponse(request, self.template_name, context)

    @cached_property
    def filters(self) -> StoreFilterSet:
        return self.filterset_class(
            self.request.GET,
            queryset=self.listed(),
            store=self.request.store,
            listed=lambda: self.total().value,
            until=self.address.until,
        )

    @cached_property
    def sort(self) -> tuple[str, bool]:
        """The name of the sort and whether it is descending."""
        wanted = self.request.GET.get("sort", "")
        if wanted.removeprefix("-") not in self.sorts:
            wanted = self.default_sort
        return wanted.removeprefix("-"), wanted.startswith("-")

    @property
    def order_by(self) -> str:
        name, descending = self.sort
        return f"{'-' if descending else ''}{name}"

    @cached_property
    def state(self) -> str:
        """What the list shows, as a query that says the same always alike."""
        query = QueryDict(mutable=True)
        for name in self.filters.values:
            query[name] = self.request.GET[name].strip()
        query["sort"] = self.order_by
        query[COLUMNS] = columns_said(self.table_class, self.hidden)
        return query.urlencode()

    @cached_property
    def count(self) -> Count:
        return self.filters.count if self.filters.active else self.total()

    def paginator(self) -> KeyPaginator:
        name, descending = self.sort
        sort = self.sorts[name]
        rows = sort.table(self.request.store) if sort.table else self.listed()
        if self.filters.active:
            rows = self._filtered(rows, foreign=sort.table is not None)
        if sort.computed is not None:
            rows = rows.annotate(**{sort.column: sort.computed})
        return KeyPaginator(
            rows=rows,
            column=sort.column,
            descending=descending,
            per_page=self.address.per_page,
            count=self.count,
            name=f"{type(self).__name__}:{self.request.store.pk}",
            anchored=not self.filters.active,
        )

    def _filtered(self, rows: QuerySet[Any], *, foreign: bool) -> QuerySet[Any]:
        """Few matches are gathered, then sorted; many are met soon enough by walking the index of
        the sort.

        The limit keeps the planner from pulling the inner query up, which is what makes it gather.
        """
        if self.filters.gathers:
            return rows.filter(
                pk__in=self.filters.qs.order_by().values("pk")[: self.count.value + 1]
            )
        return rows.filter(pk__in=self.filters.qs.values("pk")) if foreign else self.filters.qs

    def page_context(self) -> dict[str, Any]:
        if self.filters.refused:
            return self._empty(
                "result", _("A filter cannot be read"), _("Mend it under Filters, or clear it.")
            )
        try:
            page = self.address.page(self.paginator())
        except PageBeyond as beyond:
            return self._empty_beyond(beyond)
        if not page.keys:
            return self._empty_nothing()
        return self._filled(page)

    def _filled(self, page: KeyPage) -> dict[str, Any]:
        found = self.rows(page.keys)
        rows = [found[key] for key in page.keys if key in found]
        actions = self.ticked_actions()
        table = self.table_class(
            rows,
            store=self.request.store,
            order_by=self.order_by,
            exclude=self.hidden if actions else (TICK, *self.hidden),
        )
        # Given to the table at once, it would read the address by rules of its own.
        table.request = self.request
        table.row_query = self.row_query(self.order_by)
        return {
            "table": table,
            "page": page,
            "things": self.things(page.count.value),
            "ticked_actions": actions,
            **self.address.links(page),
            "empty": None,
        }

    def _empty(
        self, kind: str, title: str, text: str = "", actions: list[Action] | None = None
    ) -> dict[str, Any]:
        return {
            "empty": kind,
            "empty_title": title,
            "empty_text": text,
            "empty_actions": actions or [],
        }

    def _empty_nothing(self) -> dict[str, Any]:
        if not self.filters.active:
            return self._empty("store", *self.empty_words(), self.first_deeds())
        said = _(" and ").join(chip["text"] for chip in self._chips())
        clear = Action(_("Clear all filters"), self.request.path, dialog=False)
        title = _("No %(things)s found") % {"things": self.things(0)}
        text = _("Nothing matches: %(filters)s.") % {"filters": said}
        return self._empty("result", title, text, [clear])

    def _empty_beyond(self, beyond: PageBeyond) -> dict[str, Any]:
        last = Action(
            _("Go to page %(number)s") % {"number": f"{beyond.num_pages:,}"},
            self.address.url(page=beyond.num_pages),
            dialog=False,
        )
        text = _("The last page is %(number)s.") % {"number": f"{beyond.num_pages:,}"}
        title = _("There is no page %(number)s") % {"number": f"{beyond.number:,}"}
        return self._empty("beyond", title, text, [last])

    def frame_context(self) -> dict[str, Any]:
        views = ListViews(self) if self.list_name else None
        return {
            "title": self.title,
            "actions": self.actions(),
            "views": views,
            "view_deeds": views.deeds() if views else [],
            "dense": self.look.dense,
            "q": self.filters.data.get("q", ""),
            "kept": [(name, self.request.GET[name]) for name in KEPT if self.request.GET.get(name)],
            "search_hint": self.search_hint,
            "has_filters": self.filters.has_panel,
            # Made where it is shown, which is seldom: panels are kept.
            "filter_form": lambda: self.filters.panel,
            "panel_key": self.filters.panel_key,
            "filter_refused": self.filters.refused,
            "chips": self._chips(),
            "clear_url": self._cleared() if self.filters.active or self.filters.refused else None,
        }

    def _chips(self) -> list[dict[str, str]]:
        return [
            {"text": text, "url": self.address.url(without=name)}
            for name, text in self.filters.sentences()
        ]

    def _cleared(self) -> str:
        kept = [name for name in ("sort", "per_page") if name in self.request.GET]
        query = QueryDict(mutable=True)
        for name in kept:
            query[name] = self.request.GET[name]
        return f"{self.request.path}{'?' if kept else ''}{query.urlencode()}"


def by_key(rows: QuerySet[Model, Row]) -> dict[int, Row]:
    """Rows by primary key, for `ListPage.rows`."""
    return {row["pk"]: row for row in rows}
