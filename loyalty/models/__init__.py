"""The nouns of loyalty: tiers, what a store has set, kept discounts, stored quotes."""

from .quote import StoredQuote
from .tier import KeptDiscount, LoyaltyTier, Period, Settings

__all__ = ["KeptDiscount", "LoyaltyTier", "Period", "Settings", "StoredQuote"]
