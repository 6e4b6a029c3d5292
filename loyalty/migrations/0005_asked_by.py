"""A quote keeps its coupon, and who asked for it and for whom, as a vendor named them.

The rule that a quote stays as given is made anew, so that it covers the new columns.
"""

import django.db.models.deletion
from django.db import migrations, models

from stores.constraints import Immutable, SameStore

AS_GIVEN = Immutable(name="quote_is_as_given", except_for=("purchase",), deletable=True)


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0004_coupons")]

    operations = [
        migrations.RemoveConstraint("storedquote", "quote_is_as_given"),
        migrations.AddField("storedquote", "asked_by", models.UUIDField(blank=True, null=True)),
        migrations.AddField("storedquote", "asked_for", models.UUIDField(blank=True, null=True)),
        migrations.AddField(
            "storedquote",
            "coupon",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="loyalty.coupon",
            ),
        ),
        migrations.AddConstraint(
            "storedquote", SameStore(field="coupon", name="quote_coupon_same_store")
        ),
        migrations.AddConstraint("storedquote", AS_GIVEN),
    ]
