"""Who points at rows: what is pointed at is not deleted."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models

from stores.bulk import parts
from stores.models import BatchRow


def pointed_at(
    model: type[models.Model],
    keys: Sequence[int],
    *,
    but: Sequence[type[models.Model]] = (),
) -> set[int]:
    """Those of some rows that another one points at: of any table of the program `but` some.

    The rows of a batch that can do without do not count (`forget`).
    """
    found: set[int] = set()
    for relation in _relations(model):
        if relation.related_model in but or _only_tells(relation):
            continue
        field = relation.field.name
        for some in parts(keys):
            rows = relation.related_model._base_manager.filter(**{f"{field}__in": some})
            found.update(rows.order_by().values_list(field, flat=True).distinct())
    return found


def forget(model: type[models.Model], keys: Sequence[int]) -> None:
    """Let the rows of batches that tell of some rows point at nothing, before those are deleted."""
    for relation in _relations(model):
        if _only_tells(relation):
            field = relation.field.name
            for some in parts(keys):
                rows = relation.related_model._base_manager.filter(**{f"{field}__in": some})
                rows.update(**{field: None})


def _relations(model: type[models.Model]) -> Iterator[Any]:
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete:
            yield relation


def _only_tells(relation: Any) -> bool:
    return issubclass(relation.related_model, BatchRow) and relation.field.null
