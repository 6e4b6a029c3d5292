"""The nouns of loyalty: tiers, what a store has set, kept discounts, stored quotes."""

from .coupon import Coupon, CouponUse
from .kept import KeptDiscount, KeptRow
from .quote import StoredQuote
from .tier import LoyaltyTier, Period, Settings

__all__ = [
    "Coupon",
    "CouponUse",
    "KeptDiscount",
    "KeptRow",
    "LoyaltyTier",
    "Period",
    "Settings",
    "StoredQuote",
]
