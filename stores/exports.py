"""Exports: rows of a store as a sheet, found by key in pieces while the file is sent."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.text import capfirst

from stores import nouns
from stores.models import Store
from stores.nouns import Noun
from stores.paging import Count, KeyPaginator
from stores.snapshots import one_moment

PIECE = 1_500
UNCOUNTED = Count(0, exact=False)
DAY = dt.timedelta(days=1)

Row = Mapping[str, Any]
Write = Callable[[Any], Any]


def plain(store: Store) -> Write:
    """The value as it is; nothing for none."""
    return lambda value: value


def money(store: Store) -> Write:
    """An amount as a number in the store's currency."""
    return store.money.number


def yes_no(store: Store) -> Write:
    return lambda value: "yes" if value else "no"


def day(store: Store) -> Write:
    """The day of the store that a moment is on."""
    zone = store.zone
    return lambda at: at and at.astimezone(zone).date()


def moment(store: Store) -> Write:
    """The date and time of the store, as a spreadsheet reads it."""
    zone = store.zone
    return lambda at: at and f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def labels(choices: Any) -> Callable[[Store], Write]:
    """The words for what is chosen from, as they begin a line; nothing for nothing."""

    def write(store: Store) -> Write:
        words = {choice.value: capfirst(choice.label) for choice in choices}
        return lambda value: words.get(value, "")

    return write


@dataclasses.dataclass(frozen=True)
class Column:
    """A column of a sheet: what its value is called in a row and in addresses, its header, and how
    a store writes the value.
    """

    name: str
    header: str
    write: Callable[[Store], Write] = plain


@dataclasses.dataclass(frozen=True)
class Export:
    """What can be made a sheet of: `rows` finds rows by key, as plain data with their `pk`."""

    name: str
    noun: Noun
    columns: tuple[Column, ...]
    rows: Callable[[list[int]], Iterable[Row]]

    def counted(self, count: Count) -> str:
        """So many of them, in words."""
        return nouns.counted(self.noun, count.value, text=count.text)

    def chosen(self, names: Iterable[str]) -> list[Column]:
        """The columns of these names, in the order of the sheet."""
        wanted = set(names)
        return [column for column in self.columns if column.name in wanted]

    def lines(
        self, store: Store, walk: KeyPaginator, columns: Sequence[Column]
    ) -> Iterator[list[Any]]:
        """The cells of all rows that are walked, in their order, as they are at one moment; read
        as they are needed.
        """
        cells = [(column.name, column.write(store)) for column in columns]
        with one_moment():
            for keys in pieces(walk):
                found = {row["pk"]: row for row in self.rows(keys)}
                for row in (found[key] for key in keys if key in found):
                    yield [write(row[name]) for name, write in cells]


def pieces(walk: KeyPaginator) -> Iterator[list[int]]:
    """The keys of all rows in order, each piece found by the last key of the one before."""
    walk = dataclasses.replace(walk, per_page=PIECE, count=UNCOUNTED, anchored=False)
    page = walk.page()
    while page.keys:
        yield page.keys
        if not page.has_next:
            return
        page = walk.page(after=page.last_token)


def in_days(
    rows: QuerySet[Any], field: str, store: Store, first: dt.date | None, last: dt.date | None
) -> QuerySet[Any]:
    """The rows of the days of the store from `first` to `last`, both included; None is open."""
    if first is not None:
        rows = rows.filter(**{f"{field}__gte": _begins(store, first)})
    if last is not None:
        rows = rows.filter(**{f"{field}__lt": _begins(store, last + DAY)})
    return rows


def _begins(store: Store, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=store.zone).astimezone(dt.UTC)
