"""Pages of products, categories, vendors and vendor groups."""

from .categories import AddCategory, CategoryDeletion, CategoryList, EditCategory
from .discounts import BulkDiscount, BulkRates, CategoryDiscount
from .exports import ProductExport
from .groups import AddGroup, EditGroup, GroupDeletion, GroupList
from .names import ProductNames
from .products import (
    AddProduct,
    DeletedProducts,
    EditProduct,
    ProductDeletion,
    ProductImage,
    ProductList,
    ProductRestoration,
)
from .vendors import (
    AddVendor,
    EditVendor,
    RetiredVendors,
    Retirement,
    Revival,
    VendorDeletion,
    VendorList,
)

__all__ = [
    "AddCategory",
    "AddGroup",
    "AddProduct",
    "AddVendor",
    "BulkDiscount",
    "BulkRates",
    "CategoryDeletion",
    "CategoryDiscount",
    "CategoryList",
    "DeletedProducts",
    "EditCategory",
    "EditGroup",
    "EditProduct",
    "EditVendor",
    "GroupDeletion",
    "GroupList",
    "ProductDeletion",
    "ProductExport",
    "ProductImage",
    "ProductList",
    "ProductNames",
    "ProductRestoration",
    "RetiredVendors",
    "Retirement",
    "Revival",
    "VendorDeletion",
    "VendorList",
]
