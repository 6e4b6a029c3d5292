"""What is sold, and where: categories, products, vendor groups, vendors."""

from .discount import DiscountRow
from .product import Category, Product
from .vendor import Vendor, VendorGroup

__all__ = ["Category", "DiscountRow", "Product", "Vendor", "VendorGroup"]
