"""The rows of bulk changes of kept discounts."""

import django.db.models.deletion
import stores.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_calendar"),
        ("loyalty", "0001_initial"),
        ("stores", "0003_members"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptRow",
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
                ("discount_to", models.PositiveSmallIntegerField()),
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
                        fields=["batch", "outcome", "customer"],
                        name="keptrow_outcome",
                    ),
                    models.Index(
                        condition=models.Q(("drifted", True)),
                        fields=["batch", "customer"],
                        name="keptrow_drifted",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "customer"), name="keptrow_target_once"
                    ),
                    stores.constraints.SameStore(field="batch", name="keptrow_batch_same_store"),
                    stores.constraints.SameStore(
                        field="customer", name="keptrow_customer_same_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("discount_was__range", (0, 100))),
                        name="keptrow_was_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("discount_to__range", (0, 100))),
                        name="keptrow_to_range",
                    ),
                ],
            },
        ),
    ]
