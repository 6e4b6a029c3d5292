"""Lines of a customer file are found by name on SQLite too: no query proves the condition."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0011_purchase_by_recipient"),
        ("stores", "0004_uploads"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="customerline",
            name="customerline_by_name",
        ),
        migrations.AddIndex(
            model_name="customerline",
            index=models.Index(fields=["batch", "name_key"], name="customerline_by_name"),
        ),
    ]
