"""What lists of loyalty can be narrowed by."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from loyalty.models import Coupon
from stores.filters import FlagFilter, SearchFilter
from stores.filterset import StoreFilterSet
from stores.models import Store


def by_code(store: Store, term: str) -> QuerySet[Any]:
    """Coupons by any part of their code: they are hundreds, not millions."""
    rows = Coupon.objects.filter(store=store, code_key__contains=term.strip().upper())
    return rows.order_by().values("pk")


class CouponFilters(StoreFilterSet):
    """The filters of the Coupons page."""

    q = SearchFilter(matching=by_code)
    active = FlagFilter("active", label=_("Active"), yes=_("Is active"), no=_("Is switched off"))

    class Meta:
        model = Coupon
        fields: tuple[str, ...] = ()
