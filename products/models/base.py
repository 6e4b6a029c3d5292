"""What the rows of a catalogue share: a name within a store, percentages that are ones."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from stores.models import Store


class StoreRow(models.Model):
    """A named row of one store."""

    store = models.ForeignKey(
        Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


def name_order() -> Any:
    """The name as lists sort it: small and capital letters alike."""
    return models.GeneratedField(
        expression=Lower("name"),
        output_field=models.CharField(max_length=200),
        db_persist=True,
    )


def percentage(field: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__range": (0, 100)}), name=name)


def sort_index(field: str, name: str, condition: Q | None = None) -> models.Index:
    """An index that a list walks: within a store, ties by id."""
    return models.Index(fields=["store", field, "id"], condition=condition, name=name)
