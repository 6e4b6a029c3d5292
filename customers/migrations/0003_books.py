"""The books: what moved on each day that is over, when they were checked, entries by time."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F, Q

BALANCES = [("credit", "Credit"), ("restricted", "Restricted Credit")]
KINDS = [
    ("opening", "starting credit"),
    ("grant", "added"),
    ("deduction", "deducted"),
    ("purchase", "paid for a purchase"),
    ("return", "given back for a return"),
    ("bulk", "bulk change"),
    ("reversal", "reversed"),
]


def number() -> models.BigAutoField:
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def store() -> models.ForeignKey:
    return models.ForeignKey(
        "stores.store",
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        db_index=False,
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_batches"), ("stores", "0002_batches")]

    operations = [
        migrations.AddIndex(
            "creditentry", models.Index(fields=["store", "at"], name="entry_by_time")
        ),
        migrations.CreateModel(
            name="CreditDay",
            fields=[
                ("id", number()),
                ("store", store()),
                ("day", models.DateField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("balance", models.CharField(choices=BALANCES, max_length=10)),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("moved", models.BigIntegerField()),
                ("entries", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["store", "day", "balance", "kind"], name="credit_day_once"
                    ),
                    models.CheckConstraint(condition=Q(entries__gte=1), name="credit_day_counts"),
                    models.CheckConstraint(
                        condition=Q(ends_at__gt=F("starts_at")), name="credit_day_has_an_end"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BookCheck",
            fields=[
                ("id", number()),
                ("store", store()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("differences", models.BigIntegerField()),
                ("lines", models.TextField(blank=True)),
            ],
            options={
                "indexes": [models.Index(fields=["store", "-at"], name="book_check_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(differences__gte=0), name="book_check_counts"
                    )
                ],
            },
        ),
    ]
