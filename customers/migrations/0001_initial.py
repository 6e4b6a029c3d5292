"""Customers, the names they are found by, purchases, credit accounts and entries, the books of a store."""

import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.utils.timezone
import stores.constraints
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("products", "0001_initial"),
        ("stores", "0001_initial"),
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(),
        django.contrib.postgres.operations.BtreeGinExtension(),
        migrations.CreateModel(
            name="Customer",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customers",
                        to="stores.store",
                    ),
                ),
                ("username", models.CharField(max_length=64)),
                ("name_key", models.CharField(editable=False, max_length=200)),
                ("uuid", models.UUIDField(blank=True, null=True, verbose_name="UUID")),
                (
                    "email",
                    models.EmailField(
                        blank=True, db_default="", default="", max_length=254, verbose_name="e-mail"
                    ),
                ),
                ("note", models.TextField(blank=True, db_default="", default="", max_length=2000)),
                (
                    "picture",
                    models.ImageField(
                        blank=True, db_default="", default="", upload_to="customers/"
                    ),
                ),
                ("discount", models.PositiveSmallIntegerField(db_default=0, default=0)),
                (
                    "subscriber",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="news subscriber"
                    ),
                ),
                (
                    "subscriber_source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hand", "by hand"),
                            ("import", "import"),
                            ("in_world", "in-world"),
                        ],
                        db_default="",
                        default="",
                        max_length=8,
                    ),
                ),
                ("subscriber_at", models.DateTimeField(blank=True, null=True)),
                (
                    "group_member",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="group member"
                    ),
                ),
                ("group_confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                    ),
                ),
                ("spent", models.BigIntegerField(db_default=0, default=0, editable=False)),
                ("spent_year", models.BigIntegerField(db_default=0, default=0, editable=False)),
                ("owns", models.IntegerField(db_default=0, default=0, editable=False)),
                ("first_purchase_at", models.DateTimeField(editable=False, null=True)),
                ("last_purchase_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("archived_at", None)),
                        fields=["store", "spent", "id"],
                        name="customer_by_spent",
                    ),
                    models.Index(
                        condition=models.Q(("archived_at", None)),
                        fields=["store", "spent_year", "id"],
                        name="customer_by_spent_year",
                    ),
                    models.Index(
                        condition=models.Q(("archived_at", None)),
                        fields=["store", "owns", "id"],
                        name="customer_by_owns",
                    ),
                    models.Index(
                        condition=models.Q(("archived_at", None)),
                        fields=["store", "discount", "id"],
                        name="customer_by_discount",
                    ),
                    models.Index(
                        condition=models.Q(("archived_at", None)),
                        fields=["store", "subscriber", "id"],
                        name="customer_by_subscriber",
                    ),
                    models.Index(
                        condition=models.Q(("archived_at", None)),
                        fields=["store", "group_member", "id"],
                        name="customer_by_group_member",
                    ),
                    models.Index(
                        condition=models.Q(("archived_at", None)),
                        fields=["store", "last_purchase_at", "id"],
                        name="customer_by_last_purchase",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="customer_in_store"),
                    models.UniqueConstraint(
                        fields=("store", "name_key"), name="customer_name_once"
                    ),
                    models.UniqueConstraint(fields=("store", "uuid"), name="customer_uuid_once"),
                    models.CheckConstraint(
                        condition=models.Q(("discount__range", (0, 100))),
                        name="customer_discount_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("owns__gte", 0)), name="customer_owns_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name_key", ""), _negated=True),
                        name="customer_has_a_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OldName",
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
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="old_names",
                        to="customers.customer",
                    ),
                ),
                ("username", models.CharField(max_length=64)),
                ("until", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-until", "-id"],
                "constraints": [
                    stores.constraints.SameStore(
                        field="customer", name="oldname_customer_same_store"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
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
                ("text", models.TextField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["store", "text"],
                        name="searchtext_by_start",
                        opclasses=["int8_ops", "text_pattern_ops"],
                    )
                ],
                "constraints": [
                    stores.constraints.SameStore(
                        field="customer", name="searchtext_customer_same_store"
                    ),
                    stores.constraints.TextSearch(field="text", name="customers_search"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerCount",
            fields=[
                (
                    "store",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="customer_count",
                        serialize=False,
                        to="stores.store",
                    ),
                ),
                ("listed", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("listed__gte", 0)), name="customer_count_not_negative"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="YearWindow",
            fields=[
                (
                    "store",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="year_window",
                        serialize=False,
                        to="stores.store",
                    ),
                ),
                ("through", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="CreditAccount",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="account",
                        serialize=False,
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
                ("credit", models.BigIntegerField(db_default=0, default=0)),
                ("restricted", models.BigIntegerField(db_default=0, default=0)),
                ("credit_seq", models.BigIntegerField(db_default=0, default=0)),
                ("restricted_seq", models.BigIntegerField(db_default=0, default=0)),
                ("listed", models.BooleanField(db_default=True, default=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("listed", True)),
                        fields=["store", "credit", "customer"],
                        name="account_by_credit",
                    ),
                    models.Index(
                        condition=models.Q(("listed", True)),
                        fields=["store", "restricted", "customer"],
                        name="account_by_restricted",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "customer"), name="account_in_store"),
                    stores.constraints.SameStore(
                        field="customer", name="account_customer_same_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("credit__range", (0, 1000000000000))),
                        name="account_credit_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("restricted__range", (0, 1000000000000))),
                        name="account_restricted_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Purchase",
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
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchases",
                        to="customers.customer",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received",
                        to="customers.customer",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchases",
                        to="products.product",
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
                        related_name="purchases",
                        to="products.vendor",
                    ),
                ),
                ("quantity", models.IntegerField(default=1)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("counts_on", models.DateField()),
                ("receipt", models.CharField(blank=True, max_length=64)),
                ("list_price", models.BigIntegerField()),
                ("price", models.BigIntegerField()),
                ("money", models.BigIntegerField()),
                ("credit", models.BigIntegerField(db_default=0, default=0)),
                ("restricted", models.BigIntegerField(db_default=0, default=0)),
                ("group_member", models.BooleanField(db_default=False, default=False)),
                (
                    "returns",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned_by",
                        to="customers.purchase",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "import_key",
                    models.CharField(blank=True, editable=False, max_length=32, null=True),
                ),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["payer", "at", "id"], name="purchase_by_payer"),
                    models.Index(
                        condition=models.Q(("product__isnull", False)),
                        fields=["recipient", "product"],
                        name="purchase_by_recipient",
                    ),
                    models.Index(
                        condition=models.Q(("product__isnull", False), ("removed_at", None)),
                        fields=["product", "recipient"],
                        include=("quantity",),
                        name="purchase_by_product",
                    ),
                    models.Index(fields=["store", "counts_on"], name="purchase_by_day"),
                    models.Index(
                        condition=models.Q(("returns__isnull", False)),
                        fields=["returns"],
                        name="purchase_by_returned",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="purchase_in_store"),
                    models.UniqueConstraint(
                        condition=models.Q(("import_key__isnull", False)),
                        fields=("store", "import_key"),
                        name="purchase_imported_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "price",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("money"), "+", models.F("credit")
                                    ),
                                    "+",
                                    models.F("restricted"),
                                ),
                            )
                        ),
                        name="purchase_is_paid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("quantity__gt", 0),
                                ("returns", None),
                                ("credit__gte", 0),
                                ("list_price__gte", 0),
                                ("money__gte", 0),
                                ("price__gte", 0),
                                ("restricted__gte", 0),
                            ),
                            models.Q(
                                ("quantity__lt", 0),
                                ("credit__lte", 0),
                                ("list_price__lte", 0),
                                ("money__lte", 0),
                                ("price__lte", 0),
                                ("restricted__lte", 0),
                            ),
                            _connector="OR",
                        ),
                        name="purchase_signs_agree",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("list_price__range", (-1000000000000, 1000000000000)),
                            ("price__range", (-1000000000000, 1000000000000)),
                        ),
                        name="purchase_amount_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("restricted", 0), ("recipient", models.F("payer")), _connector="OR"
                        ),
                        name="purchase_gift_takes_no_restricted",
                    ),
                    stores.constraints.SameStore(field="payer", name="purchase_payer_same_store"),
                    stores.constraints.SameStore(
                        field="recipient", name="purchase_recipient_same_store"
                    ),
                    stores.constraints.SameStore(
                        field="product", name="purchase_product_same_store"
                    ),
                    stores.constraints.SameStore(field="vendor", name="purchase_vendor_same_store"),
                    stores.constraints.SameStore(
                        field="returns", name="purchase_returns_same_store"
                    ),
                    stores.constraints.Immutable(
                        deletable=True, except_for=("removed_at",), name="purchase_is_a_fact"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditEntry",
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
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="customers.creditaccount",
                    ),
                ),
                (
                    "balance",
                    models.CharField(
                        choices=[("credit", "Credit"), ("restricted", "Restricted Credit")],
                        max_length=10,
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("delta", models.BigIntegerField()),
                ("after", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opening", "starting credit"),
                            ("grant", "added"),
                            ("deduction", "deducted"),
                            ("purchase", "paid for a purchase"),
                            ("return", "given back for a return"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("goodwill", "Goodwill"),
                            ("correction", "Correction"),
                            ("prize", "Prize or contest"),
                            ("gift_card", "Gift card"),
                            ("refund", "Refund"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        related_name="credit_entries",
                        to="customers.purchase",
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="customers.creditentry",
                    ),
                ),
                ("token", models.UUIDField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name_plural": "credit entries",
                "constraints": [
                    models.UniqueConstraint(fields=("store", "id"), name="entry_in_store"),
                    models.UniqueConstraint(
                        fields=("account", "balance", "seq"), name="entry_seq_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("purchase__isnull", False)),
                        fields=("purchase", "account", "balance", "kind"),
                        name="entry_purchase_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reverses__isnull", False)),
                        fields=("reverses",),
                        name="entry_reversed_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("token__isnull", False)),
                        fields=("store", "token", "balance"),
                        name="entry_token_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("delta", 0), _negated=True),
                        name="entry_moves_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("after__range", (0, 1000000000000))),
                        name="entry_after_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("delta__range", (-1000000000000, 1000000000000))),
                        name="entry_delta_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seq__gte", 1)), name="entry_seq_counts_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("after__gte", models.F("delta"))),
                        name="entry_before_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("balance__in", ("credit", "restricted"))),
                        name="entry_balance_known",
                    ),
                    stores.constraints.SameStore(field="account", name="entry_account_same_store"),
                    stores.constraints.SameStore(
                        field="purchase", name="entry_purchase_same_store"
                    ),
                    stores.constraints.SameStore(
                        field="reverses", name="entry_reverses_same_store"
                    ),
                    stores.constraints.Immutable(name="entry_is_append_only"),
                ],
            },
        ),
    ]
