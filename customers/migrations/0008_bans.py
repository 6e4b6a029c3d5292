"""Bans of customers, and the kinds of entries that checkout writes."""

import django.db.models.deletion
import django.utils.timezone
import stores.constraints
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0007_archived"),
        ("stores", "0004_uploads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
                    ("refund", "refunded"),
                    ("coupon", "share of a coupon"),
                    ("bonus", "purchase bonus"),
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
                    ("refund", "refunded"),
                    ("coupon", "share of a coupon"),
                    ("bonus", "purchase bonus"),
                    ("bulk", "bulk change"),
                    ("import", "imported"),
                    ("reversal", "reversed"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Ban",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
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
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bans",
                        to="customers.customer",
                    ),
                ),
                (
                    "lifted_by",
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
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["customer", "id"], name="ban_by_customer"),
                    models.Index(
                        condition=models.Q(("lifted_at", None)),
                        fields=["store", "customer"],
                        name="ban_standing",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("customer",),
                        name="ban_stands_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gt", models.F("at")), _connector="OR"
                        ),
                        name="ban_ends_after_it_began",
                    ),
                    stores.constraints.SameStore(field="customer", name="ban_customer_same_store"),
                ],
            },
        ),
    ]
