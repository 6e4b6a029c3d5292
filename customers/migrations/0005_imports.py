"""Lines of customer files; what an import moves is a kind of its own."""

import django.db.models.deletion
import stores.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_calendar"),
        ("stores", "0004_uploads"),
    ]

    operations = [
        migrations.AlterField(
            model_name="creditday",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opening", "starting credit"),
                    ("grant", "added"),
                    ("deduction", "deducted"),
                    ("purchase", "paid for a purchase"),
                    ("return", "given back for a return"),
                    ("bulk", "bulk change"),
                    ("import", "imported"),
                    ("reversal", "reversed"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="creditentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opening", "starting credit"),
                    ("grant", "added"),
                    ("deduction", "deducted"),
                    ("purchase", "paid for a purchase"),
                    ("return", "given back for a return"),
                    ("bulk", "bulk change"),
                    ("import", "imported"),
                    ("reversal", "reversed"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="CustomerLine",
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
                            ("changed", "changed"),
                            ("same", "unchanged"),
                            ("skipped", "skipped"),
                            ("conflict", "in conflict"),
                            ("refused", "refused"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "username",
                    models.CharField(blank=True, db_default="", default="", max_length=64),
                ),
                (
                    "name_key",
                    models.CharField(blank=True, db_default="", default="", max_length=200),
                ),
                ("uuid", models.UUIDField(null=True)),
                ("changes", models.JSONField(default=dict)),
                ("credit_asked", models.BigIntegerField(db_default=0, default=0)),
                ("credit_was", models.BigIntegerField(db_default=0, default=0)),
                ("restricted_asked", models.BigIntegerField(db_default=0, default=0)),
                ("restricted_was", models.BigIntegerField(db_default=0, default=0)),
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
                    "customer",
                    models.ForeignKey(
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
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", ""), _negated=True),
                        fields=["batch", "outcome", "line"],
                        name="customerline_outcome",
                    ),
                    models.Index(
                        condition=models.Q(("drifted", True)),
                        fields=["batch", "line"],
                        name="customerline_drifted",
                    ),
                    models.Index(fields=["batch", "state", "line"], name="customerline_by_state"),
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["batch", "customer"],
                        name="customerline_by_customer",
                    ),
                    models.Index(
                        condition=models.Q(("name_key", ""), _negated=True),
                        fields=["batch", "name_key"],
                        name="customerline_by_name",
                    ),
                    models.Index(
                        condition=models.Q(("uuid__isnull", False)),
                        fields=["batch", "uuid"],
                        name="customerline_by_uuid",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "line"), name="customerline_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["new", "changed", "same", "skipped", "conflict", "refused"],
                            )
                        ),
                        name="customerline_state_known",
                    ),
                    stores.constraints.SameStore(
                        field="batch", name="customerline_batch_same_store"
                    ),
                    stores.constraints.SameStore(
                        field="customer", name="customerline_customer_same_store"
                    ),
                ],
            },
        ),
    ]
