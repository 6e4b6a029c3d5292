"""Pages of sales."""

from .dashboard import BestCustomers, BestProducts, CustomerMonths, CustomerTiers, Dashboard
from .deliveries import DeliveryList, DeliveryPage, RetryAll, RetryDelivery
from .exports import BestCustomerExport, BestProductExport, SaleExport
from .imports import ImportColumns, ImportFile, ImportProducts
from .keys import Key, KeyRevocation
from .payments import MarkPaid, PaymentDays, PayoutList, PayoutPage, RetryPayout
from .purchases import PurchaseList, PurchasePage
from .redelivery import CustomerDeliveries, Redeliver
from .returns import ReturnPurchase
from .sending import BulkRedelivery, SendProduct

__all__ = [
    "BestCustomerExport",
    "BestCustomers",
    "BestProductExport",
    "BestProducts",
    "BulkRedelivery",
    "CustomerDeliveries",
    "CustomerMonths",
    "CustomerTiers",
    "Dashboard",
    "DeliveryList",
    "DeliveryPage",
    "ImportColumns",
    "ImportFile",
    "ImportProducts",
    "Key",
    "KeyRevocation",
    "MarkPaid",
    "PaymentDays",
    "PayoutList",
    "PayoutPage",
    "PurchaseList",
    "PurchasePage",
    "Redeliver",
    "RetryAll",
    "RetryDelivery",
    "RetryPayout",
    "ReturnPurchase",
    "SaleExport",
    "SendProduct",
]
