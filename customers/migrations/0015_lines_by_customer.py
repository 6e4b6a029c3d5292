"""Whether a line of any file points at a customer is found by the customer: it is asked for each who is deleted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0014_purchase_days"),
        ("stores", "0004_uploads"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="customerline",
            name="customerline_by_customer",
        ),
        migrations.AddIndex(
            model_name="customerline",
            index=models.Index(
                condition=models.Q(("customer__isnull", False)),
                fields=["customer", "batch"],
                name="customerline_by_customer",
            ),
        ),
    ]
