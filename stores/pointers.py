"""Who points at rows: what is pointed at is not deleted."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models

from stores import bulk
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
        found |= bulk.present(relation.related_model, relation.field.name, keys)
    return found


def forget(model: type[models.Model], keys: Sequence[int]) -> None:
    """Let the rows of batches that tell of some rows point at nothing, before those are deleted."""
    for relation in _relations(model):
        if _only_tells(relation):
            bulk.clear(relation.related_model, relation.field.name, keys)


def _relations(model: type[models.Model]) -> Iterator[Any]:
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete:
            yield relation


def _only_tells(relation: Any) -> bool:
    return issubclass(relation.related_model, BatchRow) and relation.field.null
