"""The rows of bulk changes of discounts."""

import django.db.models.deletion
import stores.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0002_catalogue"),
        ("stores", "0003_members"),
    ]

    operations = [
        migrations.CreateModel(
            name="DiscountRow",
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
                ("from_was", models.DateField(null=True)),
                ("until_was", models.DateField(null=True)),
                ("discount_to", models.PositiveSmallIntegerField()),
                ("from_to", models.DateField(null=True)),
                ("until_to", models.DateField(null=True)),
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
                        db_index=False,
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", ""), _negated=True),
                        fields=["batch", "outcome", "product"],
                        name="discountrow_outcome",
                    ),
                    models.Index(
                        condition=models.Q(("drifted", True)),
                        fields=["batch", "product"],
                        name="discountrow_drifted",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "product"), name="discountrow_target_once"
                    ),
                    stores.constraints.SameStore(
                        field="batch", name="discountrow_batch_same_store"
                    ),
                    stores.constraints.SameStore(
                        field="product", name="discountrow_product_same_store"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("discount_was__range", (0, 100))),
                        name="discountrow_was_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("discount_to__range", (0, 100))),
                        name="discountrow_to_range",
                    ),
                ],
            },
        ),
    ]
