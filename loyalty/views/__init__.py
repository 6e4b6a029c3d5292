"""Pages of loyalty."""

from .coupons import AddCoupon, CouponList, EditCoupon
from .customer import CustomerDiscount
from .kept import ClearKept
from .prices import People, QuotePage, Sold, Stored
from .tier import TierCustomers, TierlessCustomers
from .tiers import Tiers

__all__ = [
    "AddCoupon",
    "ClearKept",
    "CouponList",
    "CustomerDiscount",
    "EditCoupon",
    "People",
    "QuotePage",
    "Sold",
    "Stored",
    "TierCustomers",
    "TierlessCustomers",
    "Tiers",
]
