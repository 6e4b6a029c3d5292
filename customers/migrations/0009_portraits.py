"""Pictures of customers that are looked up."""

import django.db.models.deletion
import django.utils.timezone
import stores.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_bans"),
        ("stores", "0004_uploads"),
    ]

    operations = [
        migrations.CreateModel(
            name="Portrait",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="portrait",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("found", "found"),
                            ("none", "has none"),
                            ("failed", "not to be had"),
                        ],
                        max_length=6,
                    ),
                ),
                ("image", models.UUIDField(blank=True, null=True)),
                ("file", models.CharField(blank=True, db_default="", default="", max_length=100)),
                ("looked_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                "constraints": [
                    stores.constraints.SameStore(
                        field="customer", name="portrait_customer_same_store"
                    )
                ],
            },
        ),
    ]
