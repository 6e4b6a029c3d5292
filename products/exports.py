"""What is exported of products."""

from collections.abc import Iterable

from django.db.models import F
from django.utils.translation import npgettext_lazy

from products.models import Product
from stores.exports import Column, Export, Row, money, yes_no


def products(keys: list[int]) -> Iterable[Row]:
    return (
        Product.objects.filter(pk__in=keys)
        .order_by()
        .values(
            "pk",
            "name",
            "price",
            "discount",
            "discount_from",
            "discount_until",
            "copy",
            "blocks_credit",
            shelf=F("category__name"),
        )
    )


PRODUCTS = Export(
    name="products",
    noun=npgettext_lazy("counted", "product", "products"),
    rows=products,
    columns=(
        Column("name", "Name"),
        Column("shelf", "Category"),
        Column("price", "Price", money),
        Column("discount", "Discount %"),
        Column("discount_from", "From"),
        Column("discount_until", "Until"),
        Column("copy", "Copy", yes_no),
        Column("blocks_credit", "Blocks Credit", yes_no),
    ),
)
