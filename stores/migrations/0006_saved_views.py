"""Saved views of lists, and how a member wants lists to look."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import stores.constraints


class Migration(migrations.Migration):
    dependencies = [
        ("stores", "0005_batches_by_state"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="looks",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(fields=["store", "id"], name="member_in_store"),
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("list_name", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=4000)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="stores.member",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["store", "id"], name="saved_view_in_store"),
                    models.UniqueConstraint(
                        fields=["store", "list_name", "member", "name"],
                        name="saved_view_named_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("member", None)),
                        fields=["store", "list_name", "name"],
                        name="saved_view_shared_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="saved_view_has_a_name",
                    ),
                    stores.constraints.SameStore(
                        field="member", name="saved_view_member_same_store"
                    ),
                ],
            },
        ),
    ]
