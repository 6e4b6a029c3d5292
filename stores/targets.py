"""Which rows a bulk change is for: the ticked ones, what a list shows, or all; as plain data."""

import dataclasses
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.batches import BatchRefused
from stores.filterset import StoreFilterSet
from stores.models import Store
from stores.nouns import Words
from stores.paging import Count

UNREADABLE = gettext_lazy(
    "A filter of the list cannot be read any more. Nothing was changed; choose again."
)


@dataclasses.dataclass(frozen=True)
class Targets:
    """Rows of a store: those of `ticked`, else those that `query`, the filters of the list's
    address, finds.
    """

    filterset: ClassVar[type[StoreFilterSet]]
    all_words: ClassVar[Words]

    store: Store
    ticked: tuple[int, ...] = ()
    query: str = ""

    def listed(self) -> QuerySet[Any]:
        """All rows that the list could show."""
        raise TypeError(f"{type(self).__name__} lists nothing")

    @cached_property
    def filters(self) -> StoreFilterSet:
        return self.filterset(QueryDict(self.query), queryset=self.listed(), store=self.store)

    @property
    def is_everything(self) -> bool:
        return not (self.ticked or self.filters.active or self.filters.refused)

    def rows(self) -> QuerySet[Any]:
        """The rows, in no order. Raises BatchRefused for a filter that cannot be read: it would
        find everything.
        """
        if self.ticked:
            return self.listed().filter(pk__in=self.ticked)
        if self.filters.refused:
            raise BatchRefused(UNREADABLE)
        return self.filters.qs

    def count(self) -> Count:
        """How many they are, to the cap of counting. Raises as `rows` does."""
        return Count.up_to_cap(self.rows().order_by())

    def said(self) -> list[str]:
        """What narrows them down, in words."""
        if self.ticked:
            return [_("%(number)s ticked") % {"number": f"{len(self.ticked):,}"}]
        return [text for _name, text in self.filters.sentences()]

    def as_asked(self) -> dict[str, Any]:
        """Plain data, with what it meant in words when it was asked."""
        return {
            "ticked": list(self.ticked),
            "query": self.query,
            "words": "; ".join(self.said()) or str(self.all_words),
            "everything": self.is_everything,
        }
