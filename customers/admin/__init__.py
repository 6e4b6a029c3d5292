"""The Django admin of customers, purchases and credit: only verbs write."""

from .bans import BanAdmin
from .books import (
    BookCheckAdmin,
    CreditDayAdmin,
    CustomerCountAdmin,
    PurchaseDayAdmin,
    YearWindowAdmin,
)
from .credit import CreditAccountAdmin, CreditEntryAdmin, CreditRowAdmin
from .imported import CustomerLineAdmin
from .people import CustomerAdmin, OldNameAdmin, PortraitAdmin, SearchTextAdmin
from .purchases import PurchaseAdmin
from .rows import CustomerParts, CustomerRows

__all__ = [
    "BanAdmin",
    "BookCheckAdmin",
    "CreditAccountAdmin",
    "CreditDayAdmin",
    "CreditEntryAdmin",
    "CreditRowAdmin",
    "CustomerAdmin",
    "CustomerCountAdmin",
    "CustomerLineAdmin",
    "CustomerParts",
    "CustomerRows",
    "OldNameAdmin",
    "PortraitAdmin",
    "PurchaseAdmin",
    "PurchaseDayAdmin",
    "SearchTextAdmin",
    "YearWindowAdmin",
]
