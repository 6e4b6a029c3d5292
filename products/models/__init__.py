"""What is sold, and where: categories, products, vendor groups, vendors."""

from .product import Category, Product
from .vendor import Vendor, VendorGroup

__all__ = ["Category", "Product", "Vendor", "VendorGroup"]
