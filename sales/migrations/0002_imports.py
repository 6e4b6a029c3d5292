"""Lines of sales files, and what they name."""

import django.db.models.deletion
import stores.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0009_portraits"),
        ("products", "0003_discounts"),
        ("sales", "0001_initial"),
        ("stores", "0004_uploads"),
    ]

    operations = [
        migrations.CreateModel(
            name="SaleName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("", "as asked"), ("short", "in part"), ("left_out", "left out")],
                        db_default="",
                        default="",
                        max_length=8,
                    ),
                ),
                ("drifted", models.BooleanField(db_default=False, default=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("product", "product"), ("vendor", "vendor")], max_length=7
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "choice",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "to be chosen"),
                            ("match", "matched"),
                            ("create", "to be created"),
                            ("skip", "left out"),
                        ],
                        db_default="",
                        default="",
                        max_length=6,
                    ),
                ),
                ("price", models.BigIntegerField(db_default=0, default=0)),
                ("made", models.BooleanField(db_default=False, default=False)),
                ("lines", models.BigIntegerField(db_default=0, default=0)),
                ("money", models.BigIntegerField(db_default=0, default=0)),
                ("returns", models.BigIntegerField(db_default=0, default=0)),
                ("returned", models.BigIntegerField(db_default=0, default=0)),
                (
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="stores.batch",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
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
                (
                    "vendor",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="products.vendor",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["batch", "kind", "choice", "id"], name="salename_by_choice"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="salename_in_store"),
                    models.UniqueConstraint(fields=("batch", "kind", "name"), name="salename_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["product", "vendor"])),
                        name="salename_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("choice__in", ["", "match", "create", "skip"])),
                        name="salename_choice_known",
                    ),
                    stores.constraints.SameStore(field="batch", name="salename_batch_same_store"),
                    stores.constraints.SameStore(
                        field="product", name="salename_product_same_store"
                    ),
                    stores.constraints.SameStore(field="vendor", name="salename_vendor_same_store"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SalePerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("", "as asked"), ("short", "in part"), ("left_out", "left out")],
                        db_default="",
                        default="",
                        max_length=8,
                    ),
                ),
                ("drifted", models.BooleanField(db_default=False, default=False)),
                ("username", models.CharField(max_length=64)),
                ("name_key", models.CharField(max_length=200)),
                ("uuid", models.UUIDField(null=True)),
                ("changes", models.JSONField(default=dict)),
                ("settled", models.BooleanField(db_default=False, default=False)),
                ("made", models.BooleanField(db_default=False, default=False)),
                ("reason", models.CharField(blank=True, db_default="", default="", max_length=300)),
                (
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="stores.batch",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("uuid__isnull", False)),
                        fields=["batch", "uuid"],
                        name="saleperson_by_uuid",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="saleperson_in_store"),
                    models.UniqueConstraint(fields=("batch", "name_key"), name="saleperson_once"),
                    stores.constraints.SameStore(field="batch", name="saleperson_batch_same_store"),
                    stores.constraints.SameStore(
                        field="customer", name="saleperson_customer_same_store"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SaleRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("", "as asked"), ("short", "in part"), ("left_out", "left out")],
                        db_default="",
                        default="",
                        max_length=8,
                    ),
                ),
                ("drifted", models.BooleanField(db_default=False, default=False)),
                ("line", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("known", "known already"),
                            ("nameless", "without a customer"),
                            ("refused", "refused"),
                        ],
                        max_length=8,
                    ),
                ),
                ("who", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("what", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("at", models.DateTimeField(null=True)),
                ("quantity", models.IntegerField(db_default=0, default=0)),
                ("amount", models.BigIntegerField(db_default=0, default=0)),
                ("receipt", models.CharField(blank=True, db_default="", default="", max_length=64)),
                (
                    "import_key",
                    models.CharField(blank=True, db_default="", default="", max_length=32),
                ),
                ("cells", models.JSONField(null=True)),
                ("column", models.CharField(blank=True, db_default="", default="", max_length=120)),
                ("reason", models.CharField(blank=True, db_default="", default="", max_length=300)),
                (
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="stores.batch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.saleperson",
                    ),
                ),
                (
                    "product_name",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.salename",
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
                (
                    "vendor_name",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.salename",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", ""), _negated=True),
                        fields=["batch", "outcome", "line"],
                        name="salerow_outcome",
                    ),
                    models.Index(
                        condition=models.Q(("drifted", True)),
                        fields=["batch", "line"],
                        name="salerow_drifted",
                    ),
                    models.Index(fields=["batch", "state", "line"], name="salerow_by_state"),
                    models.Index(
                        condition=models.Q(("quantity__lt", 0), ("state", "new")),
                        fields=["batch", "line"],
                        name="salerow_returns",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "line"), name="salerow_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["new", "known", "nameless", "refused"])),
                        name="salerow_state_known",
                    ),
                    stores.constraints.SameStore(field="batch", name="salerow_batch_same_store"),
                    stores.constraints.SameStore(field="person", name="salerow_person_same_store"),
                    stores.constraints.SameStore(
                        field="product_name", name="salerow_product_same_store"
                    ),
                    stores.constraints.SameStore(
                        field="vendor_name", name="salerow_vendor_same_store"
                    ),
                ],
            },
        ),
    ]
