from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_purchases_by_time")]

    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["store", "archived_at", "id"],
                condition=Q(archived_at__isnull=False),
                name="customer_by_archived",
            ),
        )
    ]
