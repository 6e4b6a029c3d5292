"""Pages of customers."""

from .add import AddCustomer
from .bulk import BulkCredit
from .credit import AddCredit, CreditEntries, DeductCredit, ReverseEntry
from .history import OwnedProducts, Purchases
from .list import CustomerList
from .people import Archive, EditName, Unarchive
from .products import Removal, Restoration
from .profile import Picture, Profile
from .statement import CreditStatement, StatementFile

__all__ = [
    "AddCredit",
    "AddCustomer",
    "Archive",
    "BulkCredit",
    "CreditEntries",
    "CreditStatement",
    "CustomerList",
    "DeductCredit",
    "EditName",
    "OwnedProducts",
    "Picture",
    "Profile",
    "Purchases",
    "Removal",
    "Restoration",
    "ReverseEntry",
    "StatementFile",
    "Unarchive",
]
