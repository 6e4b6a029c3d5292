"""What was bought by day; customers are found by their first purchase."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def number() -> models.BigIntegerField:
    return models.BigIntegerField(default=0, db_default=0)


class Migration(migrations.Migration):
    dependencies = [("customers", "0013_purchase_by_removal"), ("stores", "0004_uploads")]

    operations = [
        migrations.AddField("yearwindow", "closed", models.DateField(null=True)),
        migrations.AddIndex(
            "customer",
            models.Index(
                condition=Q(archived_at=None),
                fields=["store", "first_purchase_at", "id"],
                name="customer_by_first_purchase",
            ),
        ),
        migrations.CreateModel(
            name="PurchaseDay",
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
                        "stores.store",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        db_index=False,
                    ),
                ),
                ("day", models.DateField()),
                ("money", number()),
                ("sold", number()),
                ("returned", number()),
                ("first_time", number()),
                ("returning", number()),
                ("stale", models.BooleanField(default=False, db_default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["store", "day"], name="purchase_day_once"),
                    models.CheckConstraint(
                        condition=Q(
                            sold__gte=0, returned__gte=0, first_time__gte=0, returning__gte=0
                        ),
                        name="purchase_day_counts",
                    ),
                ]
            },
        ),
    ]
