"""The Customers page in the ways that Django and its libraries offer: the admin as delivered and
tuned, and django-tables2 with django-filter.
"""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import admin
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.utils.functional import cached_property
from django_filters.views import FilterView

from benchmarks.ground import SLUG
from customers.models import Customer, CustomerCount
from stores.models import Store

PER_PAGE = 50
CAP = 10_000
SHOWN = (
    "username",
    "spent",
    "spent_year",
    "owns",
    "credit",
    "restricted",
    "discount",
    "subscriber",
)
PAGE = Template(
    "{% load render_table from django_tables2 %}<!DOCTYPE html><title>Customers</title>"
    '<form method="get">{{ filter.form }}<button>Filter</button></form>{% render_table table %}'
)


class AsDelivered(admin.ModelAdmin[Customer]):
    """What is declared in a few lines, for all stores; credit stands in another table."""

    list_display = SHOWN
    list_filter = ("subscriber", "group_member")
    search_fields = ("username", "email")
    list_per_page = PER_PAGE

    @admin.display(ordering="account__credit")
    def credit(self, customer: Customer) -> int:
        return customer.account.credit

    @admin.display(ordering="account__restricted")
    def restricted(self, customer: Customer) -> int:
        return customer.account.restricted


class ByCounter(Paginator):
    """The number of customers comes from where we keep it."""

    @cached_property
    def count(self) -> int:
        return CustomerCount.objects.get(store__slug=SLUG).listed


class ToTheCap(Paginator):
    """Whoever finds more narrows the search."""

    @cached_property
    def count(self) -> int:
        found: Any = self.object_list
        return min(found[: CAP + 1].count(), CAP)


class Tuned(AsDelivered):
    """With what its documentation offers against slowness, and the store that our indexes begin
    with.
    """

    list_select_related = ("account",)
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        store = Store.objects.filter(slug=SLUG).values("pk")[:1]
        return super().get_queryset(request).filter(store=store, archived_at=None)

    def get_paginator(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Paginator:
        return (ToTheCap if request.GET.get("q") else ByCounter)(*args, **kwargs)


delivered = admin.AdminSite("delivered")
delivered.register(Customer, AsDelivered)
tuned = admin.AdminSite("tuned")
tuned.register(Customer, Tuned)


class CustomerTable(tables.Table):
    credit = tables.Column(accessor="account__credit")
    restricted = tables.Column(accessor="account__restricted")

    class Meta:
        model = Customer
        fields = SHOWN
        sequence = SHOWN
        template_name = "django_tables2/bootstrap5.html"


class SummedTable(CustomerTable):
    spent = tables.Column(accessor="paid")

    class Meta(CustomerTable.Meta):
        pass


class CustomerFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")

    class Meta:
        model = Customer
        fields = {"spent": ["gt", "lt"], "discount": ["gte"], "subscriber": ["exact"]}

    def search(self, rows: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        return rows.filter(Q(username__icontains=value) | Q(email__icontains=value))


class PlainTable(LoginRequiredMixin, tables.SingleTableMixin, FilterView):
    """A table and a filter, as their documentation puts them together."""

    table_class = CustomerTable
    filterset_class = CustomerFilter
    table_pagination = {"per_page": PER_PAGE}

    def get_queryset(self) -> QuerySet[Customer]:
        listed = Customer.objects.filter(store__slug=self.kwargs["slug"], archived_at=None)
        return listed.select_related("account")

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return HttpResponse(PAGE.render(RequestContext(self.request, context)))


class SummedAtRead(PlainTable):
    """The same without a column for what was spent: summed for each page."""

    table_class = SummedTable

    def get_queryset(self) -> QuerySet[Customer]:
        return super().get_queryset().annotate(paid=Coalesce(Sum("purchases__money"), 0))
