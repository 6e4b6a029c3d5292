"""What models and fields are called."""

from django.db import migrations

from stores.naming import Called


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0005_asked_by")]

    operations = [
        Called(
            "loyaltytier",
            "loyalty tier",
            "loyalty tiers",
            store="store",
            threshold="threshold",
            period="period",
            discount="discount",
            group_only="group only",
        ),
        Called(
            "settings",
            "settings",
            "settings",
            store="store",
            version="version",
        ),
        Called(
            "coupon",
            "coupon",
            "coupons",
            store="store",
            code="code",
            owner="owner",
            product="product",
            commission="commission",
            active="active",
            made_at="made at",
            uses="uses",
            earned="earned",
            given="given",
        ),
        Called(
            "couponuse",
            "coupon use",
            "coupon uses",
            store="store",
            coupon="coupon",
            purchase="purchase",
            share="customer's share",
            commission="commission",
        ),
        Called(
            "keptdiscount",
            "kept discount",
            "kept discounts",
            customer="customer",
            store="store",
            discount="discount",
            kept_at="kept since",
        ),
        Called(
            "keptrow",
            "kept row",
            "kept rows",
            store="store",
            batch="batch",
            outcome="outcome",
            drifted="changed since the preview",
            customer="customer",
            discount_was="discount before",
            discount_to="discount after",
        ),
        Called(
            "storedquote",
            "stored quote",
            "stored quotes",
            id="ID",
            store="store",
            product="product",
            vendor="vendor",
            payer="payer",
            recipient="recipient",
            coupon="coupon",
            asked_by="asked by",
            asked_for="asked for",
            body="body",
            made_at="made at",
            valid_until="valid until",
            purchase="purchase",
        ),
    ]
