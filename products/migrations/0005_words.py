"""What models and fields are called."""

from django.db import migrations

from stores.naming import Called


class Migration(migrations.Migration):
    dependencies = [("products", "0004_rates")]

    operations = [
        Called(
            "category",
            "category",
            "categories",
            store="store",
            name="name",
        ),
        Called(
            "product",
            "product",
            "products",
            store="store",
            name="name",
            category="category",
            price="price",
            discount="discount",
            discount_from="discount from",
            discount_until="discount until",
            copy="copy",
            blocks_credit="blocks credit",
            deleted_at="deleted at",
        ),
        Called(
            "discountrow",
            "discount row",
            "discount rows",
            store="store",
            batch="batch",
            outcome="outcome",
            drifted="changed since the preview",
            product="product",
            discount_was="discount before",
            from_was="first day before",
            until_was="last day before",
            discount_to="discount after",
            from_to="first day after",
            until_to="last day after",
        ),
        Called(
            "vendorgroup",
            "vendor group",
            "vendor groups",
            store="store",
            name="name",
            discount="discount",
        ),
        Called(
            "vendor",
            "vendor",
            "vendors",
            store="store",
            name="name",
            group="vendor group",
            discount="discount",
            retired_at="retired at",
        ),
        Called(
            "raterow",
            "rate row",
            "rate rows",
            store="store",
            batch="batch",
            outcome="outcome",
            drifted="changed since the preview",
            vendor="vendor",
            discount_was="discount before",
            members_was="members' rate before",
            discount_to="discount after",
            members_to="members' rate after",
        ),
    ]
