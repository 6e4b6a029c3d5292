"""Filling empty tables on PostgreSQL: keys and indexes are put aside, and built at once at the
end.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models

from stores.constraints import SameStore, TextSearch

Model = type[models.Model]
BUILD_MEMORY = "SET LOCAL maintenance_work_mem = '512MB'"


@contextmanager
def bare(tables: Sequence[Model]) -> Iterator[None]:
    """A block, within a transaction, in which those of `tables` that are empty have neither keys to
    other tables nor indexes; at its end all rows are checked. Elsewhere nothing changes: building
    anew what others have written would hold them up.
    """
    empty = [model for model in tables if _is_empty(model)]
    for model in empty:
        _put_aside(model)
    yield
    for model in empty:
        _put_back(model)


def _is_empty(model: Model) -> bool:
    return connection.vendor == "postgresql" and not model._default_manager.exists()


def _put_aside(model: Model) -> None:
    with connection.schema_editor() as editor:
        for constraint in _constraints(model):
            editor.remove_constraint(model, constraint)
        for index in model._meta.indexes:
            editor.remove_index(model, index)


def _put_back(model: Model) -> None:
    with connection.schema_editor() as editor:
        editor.execute(BUILD_MEMORY)
        for index in model._meta.indexes:
            editor.add_index(model, index)
        for constraint in _constraints(model):
            editor.add_constraint(model, constraint)


def _constraints(model: Model) -> list[models.BaseConstraint]:
    return [
        constraint
        for constraint in model._meta.constraints
        if isinstance(constraint, SameStore | TextSearch)
    ]
