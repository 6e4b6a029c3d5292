"""Batches at work are found by their state, on every page of a store."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stores", "0004_uploads"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(fields=["store", "state"], name="batch_by_state"),
        ),
    ]
