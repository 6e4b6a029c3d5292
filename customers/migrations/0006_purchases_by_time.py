from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_imports")]

    operations = [
        migrations.AddIndex(
            model_name="purchase",
            index=models.Index(fields=["store", "at"], name="purchase_by_time"),
        )
    ]
