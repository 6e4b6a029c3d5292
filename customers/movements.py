"""What the history of a balance can be narrowed by: kind, days and person."""

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import CreditEntry, Kind
from customers.statements import Chain, chain_of_days, people
from stores.filters import Filter
from stores.filterset import StoreFilterSet
from stores.forms import DayField, PeriodForm
from stores.models import Store, User
from stores.paging import CAP, Count

NOBODY = "nobody"


class ChainFilter(Filter):
    """The history applies all of its filters at once."""

    def filter(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return rows


class DayInChain(ChainFilter):
    """The first or the last day."""

    field_class = DayField

    def text(self, value: Any, store: Store) -> str:
        return date_format(value, "j M Y")


class KindFilter(ChainFilter):
    """What moved the balance."""

    @cached_property
    def field(self) -> forms.ChoiceField:
        kinds = [(kind.value, kind.label.capitalize()) for kind in Kind]
        return forms.ChoiceField(choices=[("", _("Any")), *kinds], required=False, label=self.label)

    def sentence(self, value: str, store: Store) -> str:
        return Kind(value).label.capitalize()


class PersonFilter(ChainFilter):
    """Who moved the balance; nobody is the program itself."""

    @cached_property
    def shown(self) -> list[tuple[str, str]]:  # type: ignore[override]
        people = [(str(user.pk), str(user)) for user in self.parent.people]
        return [("", gettext("Anybody")), *people, (NOBODY, gettext("Nobody: by itself"))]

    @cached_property
    def field(self) -> forms.ChoiceField:
        return forms.ChoiceField(choices=self.shown, required=False, label=self.label)

    def sentence(self, value: str, store: Store) -> str:
        return _("By %(name)s") % {"name": dict(self.shown)[value]}


class MovementFilters(StoreFilterSet):
    """The filters of the history of one balance; `chain` is all of it.

    Days are places in the chain. For kind and person entries are looked at one by one, at most
    CAP of them, the newest of the chosen days.
    """

    first = DayInChain(label=_("From"), says=_("From {}"))
    last = DayInChain(label=_("To"), says=_("To {}"))
    kind = KindFilter(label=_("What"))
    by = PersonFilter(label=_("Who"))

    class Meta:
        model = CreditEntry
        fields: tuple[str, ...] = ()
        form = PeriodForm

    def __init__(self, *args: Any, chain: Chain, **kwargs: Any):
        self.whole = chain
        super().__init__(*args, queryset=chain.entries(), **kwargs)

    @cached_property
    def people(self) -> list[User]:
        return list(people(self.whole))

    @cached_property
    def chosen(self) -> Chain:
        """The entries of the chosen days."""
        first, last = self.values.get("first"), self.values.get("last")
        if not first and not last:
            return self.whole
        return chain_of_days(self.whole.customer, self.whole.balance, first, last)

    @property
    def is_picky(self) -> bool:
        return bool(self.values.keys() & {"kind", "by"})

    @property
    def is_cut(self) -> bool:
        """There are older entries that were not looked at."""
        return self.is_picky and self.chosen.length > CAP

    def entries(self) -> QuerySet[CreditEntry]:
        """The entries that match."""
        if not self.is_picky:
            return self.chosen.entries()
        rows = self.chosen.newest(CAP).entries()
        if kind := self.values.get("kind"):
            rows = rows.filter(kind=kind)
        if by := self.values.get("by"):
            rows = rows.filter(by=None if by == NOBODY else int(by))
        return rows

    def number(self) -> Count:
        """How many match."""
        if self.is_picky:
            return Count(self.entries().count())
        return Count(self.chosen.length)
