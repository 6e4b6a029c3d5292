"""The nouns of selling: keys of vendors and their answers, payouts, deliveries, returns."""

from .api import Answer, RateWindow, VendorKey
from .delivery import Attempt, Box, Delivery, DeliveryKind, DeliveryState
from .payout import Payout, PayoutKind, PayoutState
from .redelivery import RedeliveryRow
from .returned import Return

__all__ = [
    "Answer",
    "Attempt",
    "Box",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Payout",
    "PayoutKind",
    "PayoutState",
    "RateWindow",
    "RedeliveryRow",
    "Return",
    "VendorKey",
]
