"""Tiers, settings, kept discounts, stored quotes."""

import django.db.models.deletion
import django.utils.timezone
import stores.constraints
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0002_batches"),
        ("products", "0001_initial"),
        ("stores", "0002_batches"),
    ]

    operations = [
        migrations.CreateModel(
            name="Settings",
            fields=[
                (
                    "store",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="loyalty_settings",
                        serialize=False,
                        to="stores.store",
                    ),
                ),
                (
                    "largest_wins",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="the largest discount wins"
                    ),
                ),
                (
                    "keep_earned",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        verbose_name="an earned discount is kept when the ladder changes",
                    ),
                ),
                (
                    "refund_as_credit",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="refunds are paid as credit"
                    ),
                ),
                (
                    "bonus",
                    models.PositiveSmallIntegerField(
                        db_default=0, default=0, verbose_name="purchase bonus"
                    ),
                ),
                (
                    "members_bonus",
                    models.PositiveSmallIntegerField(
                        db_default=0, default=0, verbose_name="purchase bonus of group members"
                    ),
                ),
                ("version", models.BigIntegerField(db_default=0, default=0, editable=False)),
            ],
            options={
                "verbose_name_plural": "settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("bonus__range", (0, 100))), name="settings_bonus_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("members_bonus__range", (0, 100))),
                        name="settings_members_bonus_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptDiscount",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="kept_discount",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("discount", models.PositiveSmallIntegerField()),
                ("kept_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "store",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("discount__range", (1, 100))),
                        name="kept_discount_range",
                    ),
                    stores.constraints.SameStore(field="customer", name="kept_customer_same_store"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LoyaltyTier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("threshold", models.BigIntegerField()),
                (
                    "period",
                    models.CharField(
                        choices=[("global", "Global"), ("yearly", "Yearly")],
                        default="global",
                        max_length=6,
                    ),
                ),
                ("discount", models.PositiveSmallIntegerField()),
                ("group_only", models.BooleanField(db_default=False, default=False)),
                (
                    "store",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="loyalty_tiers",
                        to="stores.store",
                    ),
                ),
            ],
            options={
                "ordering": ["threshold", "period"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("store", "threshold", "period"), name="tier_threshold_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("threshold__range", (0, 1000000000000))),
                        name="tier_threshold_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__in", ["global", "yearly"])),
                        name="tier_period_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("discount__range", (0, 100))),
                        name="tier_discount_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredQuote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("body", models.JSONField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("valid_until", models.DateTimeField()),
                (
                    "payer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
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
                    models.OneToOneField(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quote",
                        to="customers.purchase",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
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
                (
                    "vendor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
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
                        condition=models.Q(("purchase", None)),
                        fields=["valid_until"],
                        name="quote_never_used",
                    )
                ],
                "constraints": [
                    stores.constraints.SameStore(field="product", name="quote_product_same_store"),
                    stores.constraints.SameStore(field="vendor", name="quote_vendor_same_store"),
                    stores.constraints.SameStore(field="payer", name="quote_payer_same_store"),
                    stores.constraints.SameStore(
                        field="recipient", name="quote_recipient_same_store"
                    ),
                    stores.constraints.SameStore(
                        field="purchase", name="quote_purchase_same_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gte", models.F("made_at"))),
                        name="quote_holds_for_a_time",
                    ),
                    stores.constraints.Immutable(
                        deletable=True, except_for=("purchase",), name="quote_is_as_given"
                    ),
                ],
            },
        ),
    ]
