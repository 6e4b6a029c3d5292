"""What is sold, and where: categories, products, vendor groups, vendors."""

from .discount import DiscountRow
from .product import Category, Product
from .rate import RateRow
from .vendor import Vendor, VendorGroup

__all__ = ["Category", "DiscountRow", "Product", "RateRow", "Vendor", "VendorGroup"]
