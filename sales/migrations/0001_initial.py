"""Selling: keys and answers of vendors, payouts, deliveries, returns."""

import django.db.models.deletion
import django.utils.timezone
import stores.constraints
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0008_bans"),
        ("products", "0003_discounts"),
        ("stores", "0004_uploads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Box",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("object_key", models.UUIDField()),
                ("name", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("url", models.CharField(max_length=255)),
                ("registered_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("failures", models.IntegerField(db_default=0, default=0)),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
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
                "verbose_name_plural": "boxes",
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sale", "Sale"),
                            ("again", "Redelivery"),
                            ("sent", "Sent by the store"),
                            ("bulk", "Bulk redelivery"),
                        ],
                        max_length=5,
                    ),
                ),
                ("quantity", models.IntegerField(default=1)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("next_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempts", models.IntegerField(db_default=0, default=0)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, db_default="", default="", max_length=200)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="stores.batch",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="products.product",
                    ),
                ),
                (
                    "purchase",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="customers.purchase",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
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
                "verbose_name_plural": "deliveries",
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("note", models.CharField(blank=True, db_default="", default="", max_length=200)),
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
                    "box",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.box",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tries",
                        to="sales.delivery",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Payout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("refund", "Refund"),
                            ("return", "Return"),
                            ("commission", "Commission"),
                            ("give_back", "Wrong payment"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("uuid", models.UUIDField(blank=True, null=True, verbose_name="UUID")),
                ("amount", models.BigIntegerField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "due"),
                            ("claimed", "claimed"),
                            ("paid", "paid"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="due",
                        max_length=10,
                    ),
                ),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.IntegerField(db_default=0, default=0)),
                (
                    "transaction",
                    models.CharField(blank=True, db_default="", default="", max_length=80),
                ),
                ("note", models.CharField(blank=True, db_default="", default="", max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payee",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payouts",
                        to="customers.customer",
                    ),
                ),
                (
                    "purchase",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payouts",
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
                (
                    "vendor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payouts",
                        to="products.vendor",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RedeliveryRow",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "purchase",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
        migrations.CreateModel(
            name="Return",
            fields=[
                (
                    "purchase",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="return_terms",
                        serialize=False,
                        to="customers.purchase",
                    ),
                ),
                ("as_credit", models.BooleanField(db_default=False, default=False)),
                ("given", models.BigIntegerField(db_default=0, default=0)),
                ("refund_kept", models.BigIntegerField(db_default=0, default=0)),
                ("coupon_taken", models.BigIntegerField(db_default=0, default=0)),
                ("coupon_missing", models.BigIntegerField(db_default=0, default=0)),
                ("bonus_taken", models.BigIntegerField(db_default=0, default=0)),
                ("bonus_missing", models.BigIntegerField(db_default=0, default=0)),
                ("note", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("token", models.UUIDField(blank=True, editable=False, null=True)),
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
        migrations.CreateModel(
            name="VendorKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("shown", models.CharField(max_length=12)),
                ("pays_out", models.BooleanField(db_default=False, default=False)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="products.vendor",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("body", models.TextField(max_length=2048)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "purchase",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                (
                    "vendor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="products.vendor",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("purchase", None)), fields=["at"], name="answer_by_time"
                    ),
                    models.Index(
                        condition=models.Q(("purchase__isnull", False)),
                        fields=["purchase"],
                        name="answer_by_purchase",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "key"), name="answer_key_once"),
                    stores.constraints.SameStore(field="vendor", name="answer_vendor_same_store"),
                    stores.constraints.SameStore(
                        field="purchase", name="answer_purchase_same_store"
                    ),
                    stores.constraints.Immutable(deletable=True, name="answer_is_as_given"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="box",
            constraint=models.UniqueConstraint(fields=("store", "object_key"), name="box_once"),
        ),
        migrations.AddConstraint(
            model_name="box",
            constraint=models.UniqueConstraint(fields=("store", "id"), name="box_in_store"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["store", "made_at", "id"], name="delivery_by_time"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["store", "state", "made_at", "id"], name="delivery_by_state"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["store", "kind", "made_at", "id"], name="delivery_by_kind"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ("queued", "sent"))),
                fields=["store", "next_at", "id"],
                name="delivery_due",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["recipient", "product", "id"], name="delivery_by_recipient"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["purchase", "id"], name="delivery_by_purchase"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)),
                fields=["batch", "id"],
                name="delivery_by_batch",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("store", "id"), name="delivery_in_store"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind__in", ("again", "bulk")), ("state__in", ("queued", "sent"))
                ),
                fields=("recipient", "product"),
                name="delivery_again_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ("sale", "sent"))),
                fields=("purchase",),
                name="delivery_of_sale_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["queued", "sent", "delivered", "failed", "cancelled"])
                ),
                name="delivery_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1)), name="delivery_hands_over_some"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=stores.constraints.SameStore(
                field="purchase", name="delivery_purchase_same_store"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=stores.constraints.SameStore(
                field="product", name="delivery_product_same_store"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=stores.constraints.SameStore(
                field="recipient", name="delivery_recipient_same_store"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=stores.constraints.SameStore(
                field="batch", name="delivery_batch_same_store"
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["delivery", "id"], name="attempt_by_delivery"),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=stores.constraints.SameStore(
                field="delivery", name="attempt_delivery_same_store"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=stores.constraints.SameStore(field="box", name="attempt_box_same_store"),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=stores.constraints.Immutable(name="attempt_is_as_it_was"),
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(fields=["store", "made_at", "id"], name="payout_by_time"),
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(fields=["store", "amount", "id"], name="payout_by_amount"),
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(fields=["store", "kind", "made_at", "id"], name="payout_by_kind"),
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(fields=["store", "state", "made_at", "id"], name="payout_by_state"),
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(
                condition=models.Q(("state__in", ("due", "claimed", "failed"))),
                fields=["store", "state", "id"],
                name="payout_open",
            ),
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(
                condition=models.Q(("payee__isnull", False)),
                fields=["payee", "id"],
                name="payout_by_payee",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.UniqueConstraint(fields=("store", "id"), name="payout_in_store"),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.UniqueConstraint(
                condition=models.Q(("purchase__isnull", False)),
                fields=("purchase", "kind"),
                name="payout_of_purchase_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.UniqueConstraint(
                condition=models.Q(("transaction", ""), _negated=True),
                fields=("store", "transaction"),
                name="payout_transaction_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__range", (1, 1000000000000))),
                name="payout_amount_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["due", "claimed", "paid", "failed", "cancelled"])
                ),
                name="payout_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "claimed"), _negated=True),
                    models.Q(("claimed_at__isnull", False), ("vendor__isnull", False)),
                    _connector="OR",
                ),
                name="payout_is_claimed_by_a_vendor",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=stores.constraints.SameStore(field="payee", name="payout_payee_same_store"),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=stores.constraints.SameStore(
                field="purchase", name="payout_purchase_same_store"
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=stores.constraints.SameStore(
                field="vendor", name="payout_vendor_same_store"
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=stores.constraints.Immutable(
                except_for=(
                    "state",
                    "vendor",
                    "claimed_at",
                    "ended_at",
                    "attempts",
                    "transaction",
                    "note",
                    "by",
                ),
                name="payout_is_what_is_owed",
            ),
        ),
        migrations.AddIndex(
            model_name="redeliveryrow",
            index=models.Index(
                condition=models.Q(("outcome", ""), _negated=True),
                fields=["batch", "outcome", "customer"],
                name="redeliveryrow_outcome",
            ),
        ),
        migrations.AddIndex(
            model_name="redeliveryrow",
            index=models.Index(
                condition=models.Q(("drifted", True)),
                fields=["batch", "customer"],
                name="redeliveryrow_drifted",
            ),
        ),
        migrations.AddConstraint(
            model_name="redeliveryrow",
            constraint=models.UniqueConstraint(
                fields=("batch", "customer"), name="redeliveryrow_target_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="redeliveryrow",
            constraint=stores.constraints.SameStore(
                field="batch", name="redeliveryrow_batch_same_store"
            ),
        ),
        migrations.AddConstraint(
            model_name="redeliveryrow",
            constraint=stores.constraints.SameStore(
                field="customer", name="redeliveryrow_customer_same_store"
            ),
        ),
        migrations.AddConstraint(
            model_name="redeliveryrow",
            constraint=stores.constraints.SameStore(
                field="purchase", name="redeliveryrow_purchase_same_store"
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(
                condition=models.Q(("token__isnull", False)),
                fields=("store", "token"),
                name="return_token_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("bonus_missing__range", (0, 1000000000000)),
                    ("bonus_taken__range", (0, 1000000000000)),
                    ("coupon_missing__range", (0, 1000000000000)),
                    ("coupon_taken__range", (0, 1000000000000)),
                    ("given__range", (0, 1000000000000)),
                    ("refund_kept__range", (0, 1000000000000)),
                ),
                name="return_amount_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=stores.constraints.SameStore(
                field="purchase", name="return_purchase_same_store"
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=stores.constraints.Immutable(name="return_is_as_made"),
        ),
        migrations.AddIndex(
            model_name="vendorkey",
            index=models.Index(fields=["vendor", "id"], name="vendorkey_by_vendor"),
        ),
        migrations.AddConstraint(
            model_name="vendorkey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)),
                fields=("vendor",),
                name="vendorkey_valid_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendorkey",
            constraint=stores.constraints.SameStore(
                field="vendor", name="vendorkey_vendor_same_store"
            ),
        ),
    ]
