"""The catalogue: names as lists sort them, pictures of products, retired vendors, indexes of the lists."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0001_initial"),
        ("stores", "0002_batches"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="name_order",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower("name"),
                output_field=models.CharField(max_length=200),
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="image",
            field=models.ImageField(blank=True, db_default="", default="", upload_to="products/"),
        ),
        migrations.AddField(
            model_name="product",
            name="name_order",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower("name"),
                output_field=models.CharField(max_length=200),
            ),
        ),
        migrations.AddField(
            model_name="vendor",
            name="name_order",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower("name"),
                output_field=models.CharField(max_length=200),
            ),
        ),
        migrations.AddField(
            model_name="vendor",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="vendorgroup",
            name="name_order",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower("name"),
                output_field=models.CharField(max_length=200),
            ),
        ),
        migrations.AlterField(
            model_name="vendor",
            name="group_discount",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="members' rate"),
        ),
        migrations.AddIndex(
            model_name="category",
            index=models.Index(fields=["store", "name_order", "id"], name="category_by_name"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["store", "name_order", "id"],
                name="product_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["store", "price", "id"],
                name="product_by_price",
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["store", "discount", "id"],
                name="product_by_discount",
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["store", "copy", "id"],
                name="product_by_copy",
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["store", "blocks_credit", "id"],
                name="product_by_blocks_credit",
            ),
        ),
        migrations.AddIndex(
            model_name="vendor",
            index=models.Index(
                condition=models.Q(("retired_at", None)),
                fields=["store", "name_order", "id"],
                name="vendor_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="vendor",
            index=models.Index(
                condition=models.Q(("retired_at", None)),
                fields=["store", "discount", "id"],
                name="vendor_by_discount",
            ),
        ),
        migrations.AddIndex(
            model_name="vendor",
            index=models.Index(
                condition=models.Q(("retired_at", None)),
                fields=["store", "group_discount", "id"],
                name="vendor_by_group_discount",
            ),
        ),
        migrations.AddIndex(
            model_name="vendorgroup",
            index=models.Index(fields=["store", "name_order", "id"], name="vendorgroup_by_name"),
        ),
        migrations.AddIndex(
            model_name="vendorgroup",
            index=models.Index(fields=["store", "discount", "id"], name="vendorgroup_by_discount"),
        ),
    ]
