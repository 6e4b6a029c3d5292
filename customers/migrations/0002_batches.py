"""Batches: the rows of bulk changes of credit, and what entries and purchases came from."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from stores.constraints import Immutable, SameStore

KINDS = [
    ("opening", "starting credit"),
    ("grant", "added"),
    ("deduction", "deducted"),
    ("purchase", "paid for a purchase"),
    ("return", "given back for a return"),
    ("bulk", "bulk change"),
    ("reversal", "reversed"),
]


def key(
    to: str, on_delete: object = django.db.models.deletion.PROTECT, **options: object
) -> models.ForeignKey:
    """A key that the database checks together with the store."""
    return models.ForeignKey(
        to=to,
        on_delete=on_delete,
        db_constraint=False,
        db_index=False,
        **{"related_name": "+", **options},
    )


def origin(related_name: str) -> models.ForeignKey:
    return key("stores.batch", null=True, blank=True, related_name=related_name)


def amount() -> models.BigIntegerField:
    return models.BigIntegerField(db_default=0, default=0)


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial"), ("stores", "0002_batches")]

    operations = [
        # Their triggers name the columns, of which there will be one more.
        migrations.RemoveConstraint("creditentry", "entry_is_append_only"),
        migrations.RemoveConstraint("purchase", "purchase_is_a_fact"),
        migrations.AddField("creditentry", "batch", origin("credit_entries")),
        migrations.AddField("purchase", "batch", origin("purchases")),
        migrations.AlterField(
            "creditentry", "kind", models.CharField(choices=KINDS, max_length=10)
        ),
        migrations.AddIndex(
            "purchase",
            models.Index(
                fields=["batch"], condition=Q(batch__isnull=False), name="purchase_by_batch"
            ),
        ),
        migrations.AddConstraint(
            "creditentry",
            models.UniqueConstraint(
                fields=["batch", "account", "balance"],
                condition=Q(batch__isnull=False),
                name="entry_batch_once",
            ),
        ),
        migrations.AddConstraint(
            "creditentry", SameStore(field="batch", name="entry_batch_same_store")
        ),
        migrations.AddConstraint(
            "purchase", SameStore(field="batch", name="purchase_batch_same_store")
        ),
        migrations.AddConstraint("creditentry", Immutable(name="entry_is_append_only")),
        migrations.AddConstraint(
            "purchase",
            Immutable(
                name="purchase_is_a_fact", except_for=("removed_at", "counts_on"), deletable=True
            ),
        ),
        migrations.CreateModel(
            name="CreditRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("store", key("stores.store")),
                ("batch", key("stores.batch", django.db.models.deletion.CASCADE)),
                ("account", key("customers.creditaccount")),
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
                ("credit_asked", amount()),
                ("credit_was", amount()),
                ("credit_to", amount()),
                ("restricted_asked", amount()),
                ("restricted_was", amount()),
                ("restricted_to", amount()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["batch", "outcome", "account"],
                        condition=~Q(outcome=""),
                        name="creditrow_outcome",
                    ),
                    models.Index(
                        fields=["batch", "account"],
                        condition=Q(drifted=True),
                        name="creditrow_drifted",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["batch", "account"], name="creditrow_target_once"
                    ),
                    SameStore(field="batch", name="creditrow_batch_same_store"),
                    SameStore(field="account", name="creditrow_account_same_store"),
                ],
            },
        ),
    ]
