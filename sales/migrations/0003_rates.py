"""How often a key of the vendor API has asked."""

import django.db.models.deletion
import stores.constraints
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0003_discounts"),
        ("sales", "0002_imports"),
        ("stores", "0004_uploads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RateWindow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "object_key",
                    models.CharField(blank=True, db_default="", default="", max_length=36),
                ),
                ("starts_at", models.BigIntegerField()),
                ("asked", models.IntegerField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="vendorkey",
            constraint=models.UniqueConstraint(fields=("store", "id"), name="vendorkey_in_store"),
        ),
        migrations.AddField(
            model_name="ratewindow",
            name="key",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sales.vendorkey",
            ),
        ),
        migrations.AddField(
            model_name="ratewindow",
            name="store",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="stores.store",
            ),
        ),
        migrations.AddConstraint(
            model_name="ratewindow",
            constraint=models.UniqueConstraint(
                fields=("key", "object_key"), name="ratewindow_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ratewindow",
            constraint=stores.constraints.SameStore(field="key", name="ratewindow_key_same_store"),
        ),
    ]
