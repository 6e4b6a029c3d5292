"""Pages of sales."""

from .exports import SaleExport
from .purchases import PurchaseList, PurchasePage
from .redelivery import CustomerDeliveries, Redeliver
from .returns import ReturnPurchase

__all__ = [
    "CustomerDeliveries",
    "PurchaseList",
    "PurchasePage",
    "Redeliver",
    "ReturnPurchase",
    "SaleExport",
]
