"""The nouns of selling: keys of vendors and their answers, payouts, deliveries, returns, the
lines of files.
"""

from .api import Answer, RateWindow, VendorKey
from .delivery import Attempt, Box, Delivery, DeliveryKind, DeliveryState
from .imported import Choice, NameKind, SaleName, SalePerson, SaleRow, SaleState
from .payout import Payout, PayoutKind, PayoutState
from .redelivery import RedeliveryRow
from .returned import Return

__all__ = [
    "Answer",
    "Attempt",
    "Box",
    "Choice",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "NameKind",
    "Payout",
    "PayoutKind",
    "PayoutState",
    "RateWindow",
    "RedeliveryRow",
    "Return",
    "SaleName",
    "SalePerson",
    "SaleRow",
    "SaleState",
    "VendorKey",
]
