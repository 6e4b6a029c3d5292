"""The one look of tables: columns and order are django-tables2's, head and body are joined at once.

A column says how a cell looks by `html`, given the value and the row; values come as plain dicts.
"""

from functools import cached_property
from html import escape
from typing import Any

import django_tables2 as tables
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.data import TableData

from stores.addresses import PLACE
from stores.models import Store
from stores.money import MINUS
from stores.nouns import Words
from stores.templatetags.stores_ui import ago, icon

Row = dict[str, Any]
TICK = "tick"
NOTHING = '<span class="zero">\N{EN DASH}</span>'


class Column(tables.Column):
    """A column of the list; `hint` explains its header, `css` is the class of its cells, `further`
    are their other attributes.
    """

    css = ""
    further = ""

    def __init__(self, *args: Any, hint: Words = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.hint = hint

    def hint_html(self) -> str:
        if not self.hint:
            return ""
        hint = escape(str(self.hint))
        return (
            f'<span class="hint" tabindex="0" role="img" aria-label="{hint}" title="{hint}">'
            f"{icon('info-circle')}</span>"
        )

    @cached_property
    def opening(self) -> str:
        css = f' class="{self.css}"' if self.css else ""
        return f"<td{css}{self.further}>"

    def cell(self, value: Any, row: Row, store: Store) -> str:
        return f"{self.opening}{self.html(value, row, store)}</td>"

    def html(self, value: Any, row: Row, store: Store) -> str:
        return escape(str(value))


class NumberColumn(Column):
    """Whole numbers, to the right, zero quiet, highest first at the first click."""

    css = "num"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"initial_sort_descending": True, **kwargs})

    def text(self, value: int, store: Store) -> str:
        return f"{MINUS if value < 0 else ''}{abs(value):,}"

    def html(self, value: int, row: Row, store: Store) -> str:
        text = escape(self.text(value, store))
        return text if value else f'<span class="zero">{text}</span>'


class MoneyColumn(NumberColumn):
    """Amounts in the store's currency."""

    def text(self, value: int, store: Store) -> str:
        return store.money.format(value)


class PercentColumn(NumberColumn):
    """Whole per cent."""

    def text(self, value: int, store: Store) -> str:
        return f"{value} %"


class FlagColumn(Column):
    """Yes, or a quiet no."""

    css = "flag"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"initial_sort_descending": True, **kwargs})

    @cached_property
    def cells(self) -> dict[bool, str]:
        """Asked for once in each table, since a list has many rows."""
        yes, no = escape(_("Yes")), escape(_("No"))
        return {
            True: f'<span class="badge-yes">{yes}</span>',
            False: f'<span class="zero">{no}</span>',
        }

    def html(self, value: bool, row: Row, store: Store) -> str:
        return self.cells[bool(value)]


class MomentColumn(Column):
    """When something was, the latest first at the first click."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"initial_sort_descending": True, **kwargs})

    def html(self, value: Any, row: Row, store: Store) -> str:
        return ago(value) or NOTHING


class TickColumn(Column):
    """A box to tick the row with; declared as `tick`, it says the cell of the column `named`."""

    css = "tick"

    def __init__(self, *args: Any, named: str, **kwargs: Any):
        super().__init__(
            *args, **{"orderable": False, "verbose_name": gettext_lazy("Ticked"), **kwargs}
        )
        self.named = named

    @cached_property
    def says(self) -> str:
        """Asked for once in each table."""
        return escape(_("Tick %(name)s"))

    def html(self, value: Any, row: Row, store: Store) -> str:
        says = self.says % {"name": escape(str(row[self.named]))}
        return (
            f'<label><input type="checkbox" class="form-check-input" form="ticks" name="{TICK}"'
            f' value="{row["pk"]}" aria-label="{says}"></label>'
        )


class OrderedRows(TableData):
    """Rows that come in their order: sorting was the database's work."""

    def __len__(self) -> int:
        return len(self.data)

    def order_by(self, aliases: Any) -> None:
        """The rows stand in that order already."""


class Table(tables.Table):
    """A table of one store. `row_url` gives the address that a click on a row opens; columns find
    it as `url`. `row_query` stands behind it where the page of a row has to know the list.
    """

    row_query = ""

    class Meta:
        order_by_field = "sort"
        attrs = {"id": "rows"}

    def __init__(self, rows: list[Row], *, store: Store, **kwargs: Any):
        self.store = store
        super().__init__(data=OrderedRows(rows), **kwargs)

    @classmethod
    def lead(cls) -> str:
        """The column that says what the row is, which is always shown."""
        return next(name for name in cls.base_columns if name != TICK)

    @classmethod
    def optional(cls) -> dict[str, str]:
        """The columns that can be hidden, with their headers."""
        kept = (TICK, cls.lead())
        columns: dict[str, Any] = cls.base_columns
        return {name: one.verbose_name for name, one in columns.items() if name not in kept}

    def row_url(self, row: Row) -> str:
        return ""

    @property
    def body(self) -> SafeString:
        """All rows as HTML. The library's own way costs thirty times as much, most of it for
        looking up templates.
        """
        columns = [(bound.name, bound.column) for bound in self.columns]
        rows = "".join(self._row(row, columns) for row in self.data)
        return mark_safe(rows)  # noqa: S308  each cell escapes its value

    @property
    def head(self) -> SafeString:
        """The headers as HTML."""
        query = self._query_without_place()
        cells = (self._header(bound, query, place) for place, bound in enumerate(self.columns, 1))
        return mark_safe("".join(cells))  # noqa: S308  each header escapes what it says

    def _header(self, bound: Any, query: QueryDict, place: int) -> str:
        says = escape(str(bound.header))
        sorted_by = bound.order_by_alias if bound.is_ordered else None
        aria = ""
        if sorted_by is not None:
            aria = f' aria-sort="{"descending" if sorted_by.is_descending else "ascending"}"'
        if bound.orderable:
            is_up = sorted_by is not None and not sorted_by.is_descending
            says = (
                f'<a href="{escape(self._order_url(bound, query))}" id="sort-{place}">'
                f'<span>{says}</span><span class="arrow" aria-hidden="true">'
                f"{icon('arrow-up' if is_up else 'arrow-down')}</span></a>"
            )
        css, hint = bound.column.css, bound.column.hint_html()
        return f'<th scope="col" class="{css}"{aria}><span class="head">{says}{hint}</span></th>'

    def _query_without_place(self) -> QueryDict:
        query = self.request.GET.copy()
        for name in PLACE:
            query.pop(name, None)
        return query

    def _order_url(self, bound: Any, query: QueryDict) -> str:
        """The list sorted by this column, the other way if it is already; `query` is its address
        without a place, so that it leads to the first page.
        """
        query[self.prefixed_order_by_field] = str(bound.order_by_alias.next)
        return f"?{query.urlencode()}"

    def _row(self, row: Row, columns: list[tuple[str, Column]]) -> str:
        row["url"] = self.row_url(row)
        attrs = f' data-href="{escape(row["url"])}" data-dialog' if row["url"] else ""
        cells = "".join(column.cell(row.get(name), row, self.store) for name, column in columns)
        return f"<tr{attrs}>{cells}</tr>"


class KeyedTable(Table):
    """Rows that open at their key below the list."""

    list_name = ""

    def row_url(self, row: Row) -> str:
        return f"{self.list_url}{row['pk']}/{self.row_query}"

    @cached_property
    def list_url(self) -> str:
        """Asked for once, since reversing an address costs as much as the row."""
        return reverse(self.list_name, args=[self.store.slug])
