"""The nouns of loyalty: tiers, what a store has set, kept discounts, stored quotes."""

from .kept import KeptDiscount, KeptRow
from .quote import StoredQuote
from .tier import LoyaltyTier, Period, Settings

__all__ = ["KeptDiscount", "KeptRow", "LoyaltyTier", "Period", "Settings", "StoredQuote"]
