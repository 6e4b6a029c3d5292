"""The purchase of a quote is filled in once."""

from django.db import migrations

from stores.constraints import FilledOnce


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0002_kept")]

    operations = [
        migrations.AddConstraint(
            "storedquote", FilledOnce(field="purchase", name="quote_is_sold_once")
        ),
    ]
