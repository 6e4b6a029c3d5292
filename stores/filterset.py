"""The filters of a list as one: which are in use, how many rows they leave, and their form."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language

from stores.filters import KeysFilter
from stores.models import Store
from stores.paging import Count, Counted

# So few matches are gathered in any list, and nobody need know how long that is.
FEW = 500
SEARCH = "q"


class StoreFilterSet(django_filters.FilterSet):
    """The filters of a list, with `q` for its search. What cannot be read is refused and filters
    nothing.

    A list that shows pages in order says how many rows it has without a filter, `listed`, and up to
    the how manieth match a page reaches, `until`.
    """

    def __init__(
        self,
        *args: Any,
        store: Store,
        listed: Callable[[], int] | None = None,
        until: int = 0,
        **kwargs: Any,
    ):
        self.store = store
        self.listed = listed
        self.until = until
        super().__init__(*args, **kwargs)

    @cached_property
    def typed(self) -> bool:
        """Whether anything is asked for; where nothing is, no form need be made to read it."""
        return any(self.data.get(name) for name in self.filters)

    @cached_property
    def values(self) -> dict[str, Any]:
        """The filters in use and their values."""
        if not self.typed or not self.form.is_valid():
            return {}
        return {
            name: value
            for name, value in self.form.cleaned_data.items()
            if value not in (None, "", [])
        }

    @property
    def active(self) -> bool:
        return bool(self.values)

    @property
    def refused(self) -> bool:
        return self.typed and not self.form.is_valid()

    @cached_property
    def gathers(self) -> bool:
        """Whether matches are gathered and then sorted, as long as that costs less than walking the
        index of the sort until the page is full: to reach `until` of `found`, it walks past
        `listed * until / found` rows.
        """
        if self.listed is None:
            return True
        found = self.count
        few = found.value <= FEW or found.value**2 <= self.listed() * self.until
        return found.exact and few

    @cached_property
    def count(self) -> Count:
        """How many rows match, to the cap; a single filter is answered from its own index."""
        if len(self.values) != 1:
            return self._count_together()
        ((name, value),) = self.values.items()
        only = self.filters[name]
        if isinstance(only, KeysFilter):
            return only.found(value)
        return Count.up_to_cap(self.qs.order_by(only.field_name, "pk"))

    def _count_together(self) -> Count:
        """How many rows match all filters, asked in one query with how many keys each of those
        finds that are answered from another table; again where these are too many to be gathered.
        """
        elsewhere = [
            (self.filters[name], value)
            for name, value in self.values.items()
            if isinstance(self.filters[name], KeysFilter)
        ]
        asked = [self._gathered(), *(one.keys(value) for one, value in elsewhere)]
        store = Store.objects.filter(pk=self.store.pk)
        count, *found = map(Count.of, store.values_list(*map(Counted, asked)).get())
        for (one, _wanted), there in zip(elsewhere, found, strict=True):
            one.find(there)
        return count if all(there.exact for there in found) else Count.up_to_cap(self._whole())

    def _gathered(self) -> QuerySet[Any]:
        """The keys of the rows that match if no filter finds too many keys."""
        return self._matching(lambda one, _wanted: one.gather).values("pk")

    def _whole(self) -> QuerySet[Any]:
        """The rows that match, however many keys a filter finds."""
        return self._matching(
            lambda one, wanted: one.gather if one.found(wanted).exact else one.whole
        )

    def _matching(self, way: Callable[[KeysFilter, Any], Callable[..., Any]]) -> QuerySet[Any]:
        """The rows that match, in no order; `way` is how one finds them that is answered from
        another table.
        """
        rows = self.queryset
        for name, value in self.values.items():
            one = self.filters[name]
            rows = (way(one, value) if isinstance(one, KeysFilter) else one.filter)(rows, value)
        return rows.order_by()

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Each filter in use: its name and what it says."""
        for name, value in self.values.items():
            yield name, self.filters[name].sentence(value, self.store)

    @property
    def has_panel(self) -> bool:
        """Whether there are filters beside the search, which stands on its own."""
        return any(name != SEARCH for name in self.filters)

    @property
    def panel(self) -> forms.Form:
        """The form of all filters but the search."""
        panel = self.form
        panel.auto_id = "filter_%s"
        panel.fields.pop(SEARCH, None)
        return panel

    @property
    def panel_key(self) -> tuple[Any, ...] | None:
        """What the panel looks like follows from this; None where it tells of mistakes."""
        if self.refused:
            return None
        panel = [name for name in self.filters if name != SEARCH]
        typed = [self.data.getlist(name) for name in panel] if self.typed else []
        shown = [self.filters[name].shown for name in panel]
        return type(self), self.store.currency, get_language(), typed, shown
