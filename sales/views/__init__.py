"""Pages of sales."""

from .exports import SaleExport
from .imports import ImportColumns, ImportFile, ImportProducts
from .keys import Key, KeyRevocation
from .purchases import PurchaseList, PurchasePage
from .redelivery import CustomerDeliveries, Redeliver
from .returns import ReturnPurchase

__all__ = [
    "CustomerDeliveries",
    "ImportColumns",
    "ImportFile",
    "ImportProducts",
    "Key",
    "KeyRevocation",
    "PurchaseList",
    "PurchasePage",
    "Redeliver",
    "ReturnPurchase",
    "SaleExport",
]
