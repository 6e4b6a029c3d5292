"""The Django admin of sales: only verbs write."""

from .api import AnswerAdmin, RateWindowAdmin, VendorKeyAdmin
from .deliveries import AttemptAdmin, BoxAdmin, DeliveryAdmin, RedeliveryRowAdmin
from .imported import SaleNameAdmin, SalePersonAdmin, SaleRowAdmin
from .payments import PayoutAdmin, ReturnAdmin

__all__ = [
    "AnswerAdmin",
    "AttemptAdmin",
    "BoxAdmin",
    "DeliveryAdmin",
    "PayoutAdmin",
    "RateWindowAdmin",
    "RedeliveryRowAdmin",
    "ReturnAdmin",
    "SaleNameAdmin",
    "SalePersonAdmin",
    "SaleRowAdmin",
    "VendorKeyAdmin",
]
