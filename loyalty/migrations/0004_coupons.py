"""Coupons of bloggers, and what was sold under them."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import stores.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_bans"),
        ("loyalty", "0003_sold_once"),
        ("products", "0003_discounts"),
        ("stores", "0004_uploads"),
    ]

    operations = [
        migrations.CreateModel(
            name="Coupon",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                (
                    "code_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Upper("code"),
                        output_field=models.CharField(max_length=40),
                    ),
                ),
                ("commission", models.PositiveSmallIntegerField(db_default=0, default=0)),
                (
                    "share",
                    models.PositiveSmallIntegerField(
                        db_default=0, default=0, verbose_name="customer's share"
                    ),
                ),
                ("first", models.DateField(blank=True, null=True, verbose_name="from")),
                ("last", models.DateField(blank=True, null=True, verbose_name="until")),
                ("active", models.BooleanField(db_default=True, default=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("uses", models.BigIntegerField(db_default=0, default=0, editable=False)),
                ("earned", models.BigIntegerField(db_default=0, default=0, editable=False)),
                ("given", models.BigIntegerField(db_default=0, default=0, editable=False)),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coupons",
                        to="customers.customer",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="products.product",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="CouponUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("share", models.BigIntegerField()),
                ("commission", models.BigIntegerField()),
                (
                    "coupon",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="used",
                        to="loyalty.coupon",
                    ),
                ),
                (
                    "purchase",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coupon_use",
                        to="customers.purchase",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="coupon",
            index=models.Index(fields=["store", "code_key", "id"], name="coupon_by_code"),
        ),
        migrations.AddIndex(
            model_name="coupon",
            index=models.Index(fields=["store", "uses", "id"], name="coupon_by_uses"),
        ),
        migrations.AddIndex(
            model_name="coupon",
            index=models.Index(fields=["store", "earned", "id"], name="coupon_by_earned"),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.UniqueConstraint(
                fields=("store", "code_key"), name="coupon_code_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.UniqueConstraint(fields=("store", "id"), name="coupon_in_store"),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(("commission__range", (0, 100))), name="coupon_commission_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__range", (0, 100))), name="coupon_share_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first", None),
                    ("last", None),
                    ("last__gte", models.F("first")),
                    _connector="OR",
                ),
                name="coupon_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=stores.constraints.SameStore(field="owner", name="coupon_owner_same_store"),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=stores.constraints.SameStore(
                field="product", name="coupon_product_same_store"
            ),
        ),
        migrations.AddIndex(
            model_name="couponuse",
            index=models.Index(fields=["coupon", "id"], name="couponuse_by_coupon"),
        ),
        migrations.AddConstraint(
            model_name="couponuse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("commission__range", (0, 1000000000000)), ("share__range", (0, 1000000000000))
                ),
                name="couponuse_amount_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="couponuse",
            constraint=stores.constraints.SameStore(
                field="coupon", name="couponuse_coupon_same_store"
            ),
        ),
        migrations.AddConstraint(
            model_name="couponuse",
            constraint=stores.constraints.SameStore(
                field="purchase", name="couponuse_purchase_same_store"
            ),
        ),
    ]
