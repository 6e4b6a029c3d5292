"""The time zone whose days the year of a store counts, beside how far it has rolled."""

from django.db import migrations, models

AS_THE_STORE = """
UPDATE customers_yearwindow
SET time_zone = (SELECT time_zone FROM stores_store WHERE id = customers_yearwindow.store_id)
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_books")]

    operations = [
        migrations.AddField(
            "yearwindow",
            "time_zone",
            models.CharField(max_length=64, default="UTC"),
            preserve_default=False,
        ),
        migrations.RunSQL(AS_THE_STORE, migrations.RunSQL.noop),
    ]
