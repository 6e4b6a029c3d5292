"""Paging by key: a page is found by where its rows stand in an index, so that the last costs what
the first does.

`after` and `before` carry the key of a row, signed; `page` alone shows what OFFSET would show on a
quiet database, found from the nearer end or from remembered anchors.
"""

import dataclasses
import datetime as dt
from typing import Any

from django.core import signing
from django.core.cache import cache
from django.db.models import (
    BooleanField,
    F,
    Func,
    IntegerField,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Mod, RowNumber

CAP = 10_000
FAR = 10_000
ANCHOR_STEP = 1_000
ANCHORS_KEPT = 300
MAX_PAGE = 10**9


@dataclasses.dataclass(frozen=True)
class Count:
    """How many rows a list has: exactly, or at least."""

    value: int
    exact: bool = True

    @property
    def text(self) -> str:
        return f"{self.value:,}{'' if self.exact else '+'}"

    @classmethod
    def of(cls, counted: int) -> "Count":
        """What was counted as far as just above the cap."""
        return cls(min(counted, CAP), exact=counted <= CAP)

    @classmethod
    def up_to_cap(cls, rows: QuerySet[Any]) -> "Count":
        """Count matching rows, at most to the cap."""
        return cls.of(rows[: CAP + 1].count())


class Counted(Subquery):
    """How many rows there are, as far as just above the cap, as a value of a query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0

    def __init__(self, rows: QuerySet[Any]):
        super().__init__(rows[: CAP + 1])


class PageBeyond(LookupError):
    """A page after the last one."""

    def __init__(self, number: int, num_pages: int):
        self.number = number
        self.num_pages = num_pages
        super().__init__(f"page {number} of {num_pages}")


@dataclasses.dataclass(frozen=True)
class KeyPage:
    """One page: the keys of its rows in order, and where it stands. `number` is None where nobody
    counted.
    """

    keys: list[int]
    number: int | None
    num_pages: int | None
    per_page: int
    count: Count
    has_previous: bool
    has_next: bool
    first_token: str = ""
    last_token: str = ""

    @property
    def start_index(self) -> int | None:
        return None if self.number is None else (self.number - 1) * self.per_page + 1

    @property
    def end_index(self) -> int | None:
        return None if self.start_index is None else self.start_index + len(self.keys) - 1


class RowComparison(Func):
    """`(a, b) > (x, y)`. A condition written with OR makes both engines walk the index from its
    beginning.
    """

    template = "(%(left)s) %(operator)s (%(right)s)"
    output_field = BooleanField()

    def __init__(self, *expressions: Any, operator: str):
        super().__init__(*expressions, operator=operator)

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        parts, params = [], []
        for expression in self.source_expressions:
            sql, values = compiler.compile(expression)
            parts.append(sql)
            params += values
        half = len(parts) // 2
        left, right = ", ".join(parts[:half]), ", ".join(parts[half:])
        return f"({left}) {self.extra['operator']} ({right})", params


@dataclasses.dataclass(frozen=True)
class KeyPaginator:
    """Pages over `rows`, sorted by `column` and then by primary key, both in one direction.

    `rows` is the unordered query set of the table that owns the sort column, or computes it. `name`
    is part of the signature, so that a key of one list means nothing in another. Where the column
    counts the rows without a gap, `counts_from` is its value in the first.
    """

    rows: QuerySet[Any]
    column: str
    descending: bool
    per_page: int
    count: Count
    name: str
    anchored: bool = False
    counts_from: int | None = None

    @property
    def num_pages(self) -> int | None:
        return max(1, -(-self.count.value // self.per_page)) if self.count.exact else None

    def page(self, number: int | None = None, *, after: str = "", before: str = "") -> KeyPage:
        """The page after or before a key, else page `number`, else the first. A key that is not
        ours is ignored.

        Raises PageBeyond.
        """
        if key := self._unsigned(after):
            return self._after(key, number)
        if key := self._unsigned(before):
            return self._before(key, number)
        return self.numbered(number or 1)

    def beside(self, value: Any, key: int) -> tuple[int | None, int | None]:
        """The keys of the rows before and after a row of the table, whether it is among those that
        are listed or not; in one query.
        """
        before, after = (
            Subquery(self._beyond([value, key], forward=forward).values("pk")[:1])
            for forward in (False, True)
        )
        row = self.rows.model._default_manager.filter(pk=key)
        found: tuple[int | None, int | None] = row.values_list(before, after).get()
        return found

    def numbered(self, number: int) -> KeyPage:
        """Page `number` from 1, as OFFSET would show it."""
        if self.num_pages is not None and number > self.num_pages:
            raise PageBeyond(number, self.num_pages)
        start = (number - 1) * self.per_page
        if self.num_pages is None and start >= CAP:
            raise PageBeyond(number, CAP // self.per_page)
        from_end = self.count.value - start
        if self.counts_from is not None:
            found = self._counted(self.counts_from, start)
        elif start <= FAR or not self.anchored:
            found = self._slice(start, self.per_page + 1)
        elif from_end <= FAR + self.per_page:
            return self._from_end(number, start)
        else:
            found = self._from_anchor(start)
        return self._page(found, number=number, has_previous=number > 1)

    def last(self) -> KeyPage:
        """The last page, read from the end."""
        if self.num_pages is not None:
            return self._from_end(self.num_pages, (self.num_pages - 1) * self.per_page)
        found = self._slice(0, self.per_page + 1, reverse=True)
        return self._page_reversed(found, number=None, has_next=False)

    def _after(self, key: list[Any], number: int | None) -> KeyPage:
        found = list(self._beyond(key, forward=True)[: self.per_page + 1])
        if not found:
            return self.last() if self.count.value else self._page([], number=1, has_previous=False)
        return self._page(found, number=number, has_previous=True)

    def _before(self, key: list[Any], number: int | None) -> KeyPage:
        found = list(self._beyond(key, forward=False)[: self.per_page + 1])
        if len(found) <= self.per_page:
            return self.numbered(1)
        return self._page_reversed(found, number=number, has_next=True)

    def _from_end(self, number: int, start: int) -> KeyPage:
        wanted = min(self.per_page, self.count.value - start)
        skipped = self.count.value - start - wanted
        found = self._slice(skipped, wanted, reverse=True)
        page = self._page(found[::-1], number=number, has_previous=number > 1)
        return dataclasses.replace(page, has_next=skipped > 0)

    def _from_anchor(self, start: int) -> list[Any]:
        anchors = self._anchors()
        place = min(start // ANCHOR_STEP, len(anchors))
        rows = self._beyond(anchors[place - 1], forward=True) if place else self._ordered()
        rest = start - place * ANCHOR_STEP
        return list(rows[rest : rest + self.per_page + 1])

    def _counted(self, first: int, start: int) -> list[Any]:
        value, side = (first - start, "lte") if self.descending else (first + start, "gte")
        rows = self._ordered().filter(**{f"{self.column}__{side}": value})
        return list(rows[: self.per_page + 1])

    def _anchors(self) -> list[list[Any]]:
        """The key of every 1,000th row, built on the first deep jump, then remembered."""
        name = f"anchors:{self.name}:{self.column}:{self.descending}:{self.count.value}"
        anchors: list[list[Any]] | None = cache.get(name)
        if anchors is None:
            anchors = self._build_anchors()
            cache.set(name, anchors, ANCHORS_KEPT)
        return anchors

    def _build_anchors(self) -> list[list[Any]]:
        order = [self._direction(self.column), self._direction("pk")]
        placed = self.rows.annotate(place=Window(RowNumber(), order_by=order))
        every = placed.annotate(rest=Mod("place", ANCHOR_STEP)).filter(rest=0).order_by("place")
        return [list(key) for key in every.values_list(self.column, "pk")]

    def _slice(self, start: int, length: int, *, reverse: bool = False) -> list[Any]:
        return list(self._ordered(reverse=reverse)[start : start + length])

    def _ordered(self, *, reverse: bool = False) -> QuerySet[Any]:
        order = (self._direction(self.column, reverse), self._direction("pk", reverse))
        return self.rows.order_by(*order).values_list(self.column, "pk")

    def _direction(self, name: str, reverse: bool = False) -> Any:
        return F(name).desc() if self.descending != reverse else F(name).asc()

    def _beyond(self, key: list[Any], *, forward: bool) -> QuerySet[Any]:
        operator = ">" if self.descending != forward else "<"
        value = Value(key[0], output_field=self._field)
        condition = RowComparison(F(self.column), F("pk"), value, Value(key[1]), operator=operator)
        return self._ordered(reverse=not forward).filter(condition)

    @property
    def _field(self) -> Any:
        """What the sort column holds: a field of the table, or something computed."""
        if computed := self.rows.query.annotations.get(self.column):
            return computed.output_field
        return self.rows.model._meta.get_field(self.column)

    def _page(self, found: list[Any], *, number: int | None, has_previous: bool) -> KeyPage:
        rows, more = found[: self.per_page], len(found) > self.per_page
        return KeyPage(
            keys=[key for _, key in rows],
            number=number,
            num_pages=self.num_pages,
            per_page=self.per_page,
            count=self.count,
            has_previous=has_previous,
            has_next=more,
            first_token=self._signed(rows[0]) if rows else "",
            last_token=self._signed(rows[-1]) if rows else "",
        )

    def _page_reversed(self, found: list[Any], *, number: int | None, has_next: bool) -> KeyPage:
        more = len(found) > self.per_page
        rows = found[: self.per_page][::-1]
        return dataclasses.replace(
            self._page(rows, number=number, has_previous=more), has_next=has_next
        )

    @property
    def _signer(self) -> signing.Signer:
        return signing.Signer(salt=f"paging:{self.name}:{self.column}:{self.descending}")

    def _signed(self, row: Any) -> str:
        value, key = row
        return self._signer.sign_object(
            [value.isoformat() if isinstance(value, dt.date) else value, key]
        )

    def _unsigned(self, token: str) -> list[Any] | None:
        try:
            value, key = self._signer.unsign_object(token)
            return [self._field.to_python(value), key]
        except (signing.BadSignature, ValueError):
            return None
