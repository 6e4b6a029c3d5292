"""What a customer bought and received is found by index, with a product or without one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_purchase_lists")]

    operations = [
        migrations.RemoveIndex(model_name="purchase", name="purchase_by_payer"),
        migrations.RemoveIndex(model_name="purchase", name="purchase_by_recipient"),
        migrations.AddIndex(
            model_name="purchase",
            index=models.Index(fields=["payer", "at", "id"], name="purchase_by_payer"),
        ),
        migrations.AddIndex(
            model_name="purchase",
            index=models.Index(fields=["recipient", "product"], name="purchase_by_recipient"),
        ),
    ]
