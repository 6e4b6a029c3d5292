"""Categories, products, vendor groups, vendors."""

import django.db.models.deletion
import stores.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("stores", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
                ("name", models.CharField(max_length=120)),
            ],
            options={
                "verbose_name_plural": "categories",
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "name"), name="category_name_once"),
                    models.UniqueConstraint(fields=("store", "id"), name="category_in_store"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="products.category",
                    ),
                ),
                ("price", models.BigIntegerField(default=0)),
                ("discount", models.PositiveSmallIntegerField(default=0)),
                ("discount_from", models.DateField(blank=True, null=True)),
                ("discount_until", models.DateField(blank=True, null=True)),
                (
                    "copy",
                    models.BooleanField(
                        default=False, help_text="The item may be copied, so it can be redelivered."
                    ),
                ),
                ("blocks_credit", models.BooleanField(default=False)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "name"), name="product_name_once"),
                    models.UniqueConstraint(fields=("store", "id"), name="product_in_store"),
                    models.CheckConstraint(
                        condition=models.Q(("price__range", (0, 1000000000000))),
                        name="product_price_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("discount__range", (0, 100))),
                        name="product_discount_range",
                    ),
                    stores.constraints.SameStore(
                        field="category", name="product_category_same_store"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VendorGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("discount", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "name"), name="vendorgroup_name_once"),
                    models.UniqueConstraint(fields=("store", "id"), name="vendorgroup_in_store"),
                    models.CheckConstraint(
                        condition=models.Q(("discount__range", (0, 100))),
                        name="vendorgroup_discount_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Vendor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vendors",
                        to="products.vendorgroup",
                    ),
                ),
                ("discount", models.PositiveSmallIntegerField(default=0)),
                ("group_discount", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "name"), name="vendor_name_once"),
                    models.UniqueConstraint(fields=("store", "id"), name="vendor_in_store"),
                    models.CheckConstraint(
                        condition=models.Q(("discount__range", (0, 100))),
                        name="vendor_discount_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("group_discount__range", (0, 100))),
                        name="vendor_group_discount_range",
                    ),
                    stores.constraints.SameStore(field="group", name="vendor_group_same_store"),
                ],
            },
        ),
    ]
