"""The rows of bulk changes of what vendors take off."""

import django.db.models.deletion
import stores.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0003_discounts"),
        ("stores", "0004_uploads"),
    ]

    operations = [
        migrations.CreateModel(
            name="RateRow",
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
                ("discount_was", models.PositiveSmallIntegerField()),
                ("members_was", models.PositiveSmallIntegerField()),
                ("discount_to", models.PositiveSmallIntegerField()),
                ("members_to", models.PositiveSmallIntegerField()),
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
                        condition=models.Q(("outcome", ""), _negated=True),
                        fields=["batch", "outcome", "vendor"],
                        name="raterow_outcome",
                    ),
                    models.Index(
                        condition=models.Q(("drifted", True)),
                        fields=["batch", "vendor"],
                        name="raterow_drifted",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "vendor"), name="raterow_target_once"),
                    stores.constraints.SameStore(field="batch", name="raterow_batch_same_store"),
                    stores.constraints.SameStore(field="vendor", name="raterow_vendor_same_store"),
                    models.CheckConstraint(
                        condition=models.Q(("discount_was__range", (0, 100))),
                        name="raterow_discount_was_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("discount_to__range", (0, 100))),
                        name="raterow_discount_to_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("members_was__range", (0, 100))),
                        name="raterow_members_was_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("members_to__range", (0, 100))),
                        name="raterow_members_to_range",
                    ),
                ],
            },
        ),
    ]
