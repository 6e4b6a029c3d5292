"""The export of products."""

from django.utils.translation import gettext_lazy as _

from products import exports
from products.views.products import ProductList
from stores.views.exports import ListExport


class ProductExport(ListExport):
    """The products of the list."""

    title = _("Export products")
    export = exports.PRODUCTS
    list_page = ProductList
    page_name = "products:export"
    file_name = "products:export_file"
    back_name = "products:list"
