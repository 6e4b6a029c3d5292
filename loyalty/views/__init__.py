"""Pages of loyalty."""

from .customer import CustomerDiscount
from .kept import ClearKept
from .prices import People, QuotePage, Sold, Stored
from .tier import TierCustomers
from .tiers import Tiers

__all__ = [
    "ClearKept",
    "CustomerDiscount",
    "People",
    "QuotePage",
    "Sold",
    "Stored",
    "TierCustomers",
    "Tiers",
]
