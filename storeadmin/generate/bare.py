"""Filling tables: indexes, and on PostgreSQL keys, are put aside and built at once at the end."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from stores.constraints import SameStore, TextSearch

Model = type[models.Model]
BUILD_MEMORY = "SET LOCAL maintenance_work_mem = '512MB'"


@contextmanager
def bare(coming: Mapping[Model, int]) -> Iterator[list[Model]]:
    """A block, within a transaction, in which tables have neither indexes nor, on PostgreSQL, keys
    to other tables; at its end all rows are checked. `coming` tells how many rows each will get;
    the block is told which tables are bare.

    On PostgreSQL only empty ones: building anew what others have written would hold them up. On
    SQLite others wait for the one writer anyway, so it is those that will grow most.
    """
    chosen = [model for model, rows in coming.items() if _is_worth_it(model, rows)]
    for model in chosen:
        _put_aside(model)
    yield chosen
    for model in chosen:
        _put_back(model)


def _is_worth_it(model: Model, rows: int) -> bool:
    present = model._default_manager.all()
    if connection.vendor == "postgresql":
        return not present.exists()
    return present[:rows].count() < rows


def _put_aside(model: Model) -> None:
    editor = _editor()
    for constraint in _constraints(model):
        editor.remove_constraint(model, constraint)
    for index in model._meta.indexes:
        editor.remove_index(model, index)


def _put_back(model: Model) -> None:
    editor = _editor()
    if connection.vendor == "postgresql":
        editor.execute(BUILD_MEMORY)
    for index in model._meta.indexes:
        editor.add_index(model, index)
    for constraint in _constraints(model):
        editor.add_constraint(model, constraint)


def _editor() -> BaseDatabaseSchemaEditor:
    """An editor for single statements. It is not entered: on SQLite that is refused within a
    transaction.
    """
    editor = connection.schema_editor()
    editor.deferred_sql = []
    return editor


def _constraints(model: Model) -> list[models.BaseConstraint]:
    """Those of PostgreSQL; SQLite would have to build the whole table anew without them."""
    if connection.vendor != "postgresql":
        return []
    return [
        constraint
        for constraint in model._meta.constraints
        if isinstance(constraint, SameStore | TextSearch)
    ]
