"""Pages of customers."""

from .add import AddCustomer
from .archived import ArchivedCustomers
from .bans import BanCustomer, LiftBan
from .bulk import BulkCredit
from .credit import AddCredit, CreditEntries, DeductCredit, ReverseEntry
from .exports import CustomerExport, EntryExport, PurchaseExport
from .find import FindCustomers
from .history import OwnedProducts, Purchases
from .imports import ImportColumns, ImportFile
from .list import CustomerList
from .people import Archive, EditName, Unarchive
from .products import Removal, Restoration
from .profile import Picture, Profile
from .statement import CreditStatement, StatementFile

__all__ = [
    "AddCredit",
    "AddCustomer",
    "Archive",
    "ArchivedCustomers",
    "BanCustomer",
    "BulkCredit",
    "CreditEntries",
    "CreditStatement",
    "CustomerExport",
    "CustomerList",
    "DeductCredit",
    "EditName",
    "EntryExport",
    "FindCustomers",
    "ImportColumns",
    "ImportFile",
    "LiftBan",
    "OwnedProducts",
    "Picture",
    "Profile",
    "PurchaseExport",
    "Purchases",
    "Removal",
    "Restoration",
    "ReverseEntry",
    "StatementFile",
    "Unarchive",
]
