"""What the pages of the Django admin share, so that they stay fast with millions of rows."""

import operator
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.models import Store, User
from stores.nouns import Words

CAP = 1_000
WINDOW = 100_000
BY_STORE = ("-store_id", "-pk")


def as_key(text: str) -> int | None:
    """The primary key that a person typed, if it is one that a database can hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def by_key(term: str) -> Q:
    """The row whose own number was typed; none if it is no number."""
    key = as_key(term)
    return Q(pk__in=[] if key is None else [key])


def staff(request: HttpRequest) -> User:
    """Who is at the admin: its pages are shown to nobody else."""
    return cast(User, request.user)


def chosen_store(request: HttpRequest) -> Store | None:
    """The store that the list is narrowed to, or the only one there is."""
    if value := request.GET.get(StoreFilter.parameter_name):
        return Store.objects.filter(by_key(value)).first()
    stores = Store.objects.order_by("pk")[:2]
    return stores[0] if len(stores) == 1 else None


def store_keys(store: Store | None) -> list[int]:
    """That store or all of them: a search names them, since the indexes begin with the store."""
    return [store.pk] if store else list(Store.objects.order_by().values_list("pk", flat=True))


def amount(model: type[models.Model], path: str) -> Any:
    """A column or a line that shows an amount as people of the row's store write it, called as its
    field is.
    """
    value = operator.attrgetter(path)

    @admin.display(description=_called(model, path))
    def shown(row: Any) -> str:
        return row.store.money.format(value(row))

    shown.__name__ = path.replace(".", "_")
    return shown


def _called(model: Any, path: str) -> Words:
    *through, name = path.split(".")
    for step in through:
        model = model._meta.get_field(step).related_model
    words: Words = model._meta.get_field(name).verbose_name
    return words


class AtLeast(int):
    """A number that counting stopped at."""

    def __str__(self) -> str:
        return f"{int(self):,}+"


class CappedPaginator(Paginator):
    """Counts up to a cap: whoever looks for more narrows the list."""

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        found = self.object_list[: CAP + 1].count()
        return AtLeast(CAP) if found > CAP else found


class NewestFirst(ChangeList):
    """A list in the order of an index, whatever the address asks for."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return list(self.model_admin.get_ordering(request))


class StoreFilter(admin.SimpleListFilter):
    """One store.

    Written as a range where there is a `store_order`, so that PostgreSQL walks that index: told
    that the store is the same in all rows, it may walk all newer rows of other stores instead.
    """

    title = gettext_lazy("store")
    parameter_name = "store"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any):
        super().__init__(request, params, model, model_admin)
        self.as_range = bool(model_admin.store_order)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return list(Store.objects.order_by("name", "pk").values_list("pk", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not (value := self.value()):
            return queryset
        if (key := as_key(value)) is None:
            return queryset.none()
        if self.as_range:
            return queryset.filter(store__gte=key, store__lte=key)
        return queryset.filter(store=key)


class AmongNewest(admin.FieldListFilter):
    """Mixed into a filter without an index: it looks among the newest rows only, and says so."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.title = _("%(title)s, among the newest %(number)s") % {
            "title": self.title,
            "number": f"{WINDOW:,}",
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.used_parameters:
            return queryset
        oldest = queryset.values_list("pk", flat=True)[WINDOW : WINDOW + 1].first()
        newest = queryset if oldest is None else queryset.filter(pk__gt=oldest)
        found: Any = super().queryset(request, newest)
        return found


class NewestChoices(AmongNewest, admin.ChoicesFieldListFilter):
    pass


class NewestBoolean(AmongNewest, admin.BooleanFieldListFilter):
    pass


class NewestEmpty(AmongNewest, admin.EmptyFieldListFilter):
    pass


class WholeRowForm(forms.ModelForm):
    """Judges a row by all its constraints: the store counts too where it is not in the form."""

    def validate_unique(self) -> None:
        super().validate_unique()
        if not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as error:
                self.add_error(None, error)


class FastAdmin(admin.ModelAdmin):
    """Neither counts, sorts nor scans a whole table. `matching` says what a search finds."""

    ordering: ClassVar[Any] = ("-pk",)
    sortable_by = ()
    paginator = CappedPaginator
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("pk",)
    search_help_text: ClassVar[Words] = gettext_lazy("A number.")
    # How the rows of one store are sorted, newest first, where an index begins with the store.
    store_order: tuple[str, ...] = ()
    formfield_overrides = {
        models.PositiveSmallIntegerField: {
            "min_value": 0,
            "max_value": 100,
            "help_text": gettext_lazy("Per cent."),
        }
    }

    def matching(self, term: str, store: Store | None) -> Q:
        """What `term` finds within a store, or everywhere by whole words only."""
        return by_key(term)

    def get_ordering(self, request: HttpRequest) -> Any:
        chosen = request.GET.get(StoreFilter.parameter_name)
        return (chosen and self.store_order) or self.ordering

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NewestFirst

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """What the filters beside the list ask for; another question could read all rows."""
        return lookup.partition("__")[0] in {
            _filter_name(entry) for entry in self.get_list_filter(request)
        }

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        # A number that no database holds would reach it where the key is that of another table.
        return None if _too_large(object_id) else super().get_object(request, object_id, from_field)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        return queryset.filter(self.matching(term, chosen_store(request))), False


def _filter_name(entry: Any) -> str:
    if isinstance(entry, type):
        return StoreFilter.parameter_name
    return entry if isinstance(entry, str) else entry[0]


def _too_large(text: str) -> bool:
    return text.isdigit() and as_key(text) is None


class Kept(FastAdmin):
    """Rows that are never deleted: to ask what hangs on them could read millions."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(Kept):
    """Rows that only verbs write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields or ()


class BatchRowAdmin(ReadOnly):
    """Rows of a kind of batch, in the order of their index over batch and target."""

    list_filter = ()
    search_help_text = gettext_lazy("The number of the batch.")

    def matching(self, term: str, store: Store | None) -> Q:
        key = as_key(term)
        return Q(pk__in=[]) if key is None else Q(batch=key)
