"""Pages of customers."""

from .add import AddCustomer
from .history import CreditEntries, OwnedProducts, Purchases
from .list import CustomerList
from .people import Archive, EditName, Unarchive
from .products import Removal, Restoration
from .profile import Picture, Profile

__all__ = [
    "AddCustomer",
    "Archive",
    "CreditEntries",
    "CustomerList",
    "EditName",
    "OwnedProducts",
    "Picture",
    "Profile",
    "Purchases",
    "Removal",
    "Restoration",
    "Unarchive",
]
