"""Rules that the database itself keeps: rows that never change, rows that stay in their store, text
that is searched.

They are declared in `Meta.constraints`, not written as raw SQL in a migration, because SQLite
rebuilds a table on many later migrations and would silently lose them.
"""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models.constraints import BaseConstraint

Editor = BaseDatabaseSchemaEditor
Model = type[models.Model]

REFUSE = """
CREATE OR REPLACE FUNCTION storeadmin_refuse() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'rows of %% are never changed', TG_TABLE_NAME USING ERRCODE = '23000';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER %(name)s BEFORE %(event)s ON %(table)s
FOR EACH ROW %(when)s EXECUTE FUNCTION storeadmin_refuse()
"""
REFUSE_SQLITE = """
CREATE TRIGGER %(name)s BEFORE %(event)s ON %(table)s %(when)s
BEGIN SELECT RAISE(ABORT, 'rows of this table are never changed'); END
"""


class DeferredConstraint(BaseConstraint):
    """A constraint made of statements that follow the creation of its table."""

    def statements(self, model: Model, editor: Editor) -> list[Statement]:
        raise TypeError("a deferred constraint names its statements")

    def drop_statements(self, model: Model, editor: Editor) -> list[Statement]:
        raise TypeError("a deferred constraint names how it is dropped")

    def constraint_sql(self, model: Model, schema_editor: Editor) -> None:
        schema_editor.deferred_sql.extend(self.statements(model, schema_editor))

    def create_sql(self, model: Model, schema_editor: Editor) -> Statement:
        *others, last = self.statements(model, schema_editor)
        schema_editor.deferred_sql.extend(others)
        return last

    def remove_sql(self, model: Model, schema_editor: Editor) -> Statement:
        *others, last = self.drop_statements(model, schema_editor)
        schema_editor.deferred_sql.extend(others)
        return last

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: Any = None) -> None:
        """The database alone judges."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, DeferredConstraint):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    __hash__ = object.__hash__


class Immutable(DeferredConstraint):
    """Rows are written once: UPDATE is refused save for the fields in `except_for`, DELETE unless
    `deletable`.
    """

    def __init__(self, *, name: str, except_for: tuple[str, ...] = (), deletable: bool = False):
        super().__init__(name=name)
        self.except_for = tuple(except_for)
        self.deletable = deletable

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        if self.except_for:
            kwargs["except_for"] = self.except_for
        if self.deletable:
            kwargs["deletable"] = True
        return path, args, kwargs

    def events(self, model: Model, editor: Editor) -> dict[str, str]:
        columns = [
            editor.quote_name(field.column)
            for field in model._meta.local_concrete_fields
            if field.name not in self.except_for
        ]
        events = {f"{self.name}_update": f"UPDATE OF {', '.join(columns)}"}
        if not self.deletable:
            events[f"{self.name}_delete"] = "DELETE"
        return events

    def statements(self, model: Model, editor: Editor) -> list[Statement]:
        events = self.events(model, editor)
        return [_refusal(model, editor, name, event) for name, event in events.items()]

    def drop_statements(self, model: Model, editor: Editor) -> list[Statement]:
        return [_without(model, editor, name) for name in self.events(model, editor)]


class FilledOnce(DeferredConstraint):
    """A `field` that is empty may be filled, and then is neither changed nor emptied."""

    def __init__(self, *, field: str, name: str):
        super().__init__(name=name)
        self.field = field

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def statements(self, model: Model, editor: Editor) -> list[Statement]:
        column = editor.quote_name(model._meta.get_field(self.field).column)
        event, when = f"UPDATE OF {column}", f"WHEN (OLD.{column} IS NOT NULL)"
        return [_refusal(model, editor, self.name, event, when)]

    def drop_statements(self, model: Model, editor: Editor) -> list[Statement]:
        return [_without(model, editor, self.name)]


class SameStore(BaseConstraint):
    """The row that `field` points at exists and belongs to the store of this row: a key over
    (store, field).

    The model pointed at declares a unique constraint over its store and its primary key.
    """

    def __init__(self, *, field: str, name: str):
        super().__init__(name=name)
        self.field = field

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def clause(self, model: Model, editor: Editor) -> str:
        field = model._meta.get_field(self.field)
        target = field.remote_field.model._meta
        quote = editor.quote_name
        here = f"({quote('store_id')}, {quote(field.column)})"
        there = f"({quote('store_id')}, {quote(target.pk.column)})"
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY {here}"
            f" REFERENCES {quote(target.db_table)} {there}"
            " DEFERRABLE INITIALLY DEFERRED"
        )

    def constraint_sql(self, model: Model, schema_editor: Editor) -> str | None:
        """SQLite knows keys only as part of the table; PostgreSQL adds them once what they point
        at is unique, which it may be only at the end of the migration.
        """
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
            return None
        return self.clause(model, schema_editor)

    def create_sql(self, model: Model, schema_editor: Editor) -> Statement:
        return Statement(
            f"ALTER TABLE %(table)s ADD {self.clause(model, schema_editor)}",
            table=_table(model, schema_editor),
        )

    def remove_sql(self, model: Model, schema_editor: Editor) -> Statement:
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=_table(model, schema_editor),
            name=schema_editor.quote_name(self.name),
        )

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: Any = None) -> None:
        """The database alone judges."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, SameStore):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    __hash__ = object.__hash__


class TextSearch(DeferredConstraint):
    """Any part of the text in `field` is found by index: trigrams, by GIN on PostgreSQL and by FTS5
    on SQLite.

    On SQLite the index is a table named as the constraint, kept by triggers; its rowid is the
    primary key.
    """

    def __init__(self, *, field: str, name: str):
        super().__init__(name=name)
        self.field = field

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def statements(self, model: Model, editor: Editor) -> list[Statement]:
        parts = self._parts(model, editor)
        if editor.connection.vendor == "postgresql":
            index = (
                "CREATE INDEX %(name)s ON %(table)s USING gin (store_id, %(column)s gin_trgm_ops)"
            )
            return [Statement(index, **parts)]
        return [Statement(template, **parts) for template in _FTS]

    def drop_statements(self, model: Model, editor: Editor) -> list[Statement]:
        parts = self._parts(model, editor)
        if editor.connection.vendor == "postgresql":
            return [Statement("DROP INDEX %(name)s", **parts)]
        return [Statement(_DROP_FTS, **parts)]

    def _parts(self, model: Model, editor: Editor) -> dict[str, Any]:
        meta = model._meta
        return {
            "name": editor.quote_name(self.name),
            "bare": self.name,
            "table": _table(model, editor),
            "pk": editor.quote_name(meta.pk.column),
            "column": editor.quote_name(meta.get_field(self.field).column),
        }


_DROP_FTS = "DROP TABLE IF EXISTS %(name)s"
_FTS = [
    _DROP_FTS,
    "CREATE VIRTUAL TABLE %(name)s USING fts5"
    "(%(column)s, content=%(table)s, content_rowid=%(pk)s, tokenize='trigram', columnsize=0)",
    "CREATE TRIGGER %(bare)s_insert AFTER INSERT ON %(table)s"
    " BEGIN INSERT INTO %(name)s (rowid, %(column)s) VALUES (new.%(pk)s, new.%(column)s); END",
    "CREATE TRIGGER %(bare)s_delete AFTER DELETE ON %(table)s"
    " BEGIN INSERT INTO %(name)s (%(name)s, rowid, %(column)s)"
    " VALUES ('delete', old.%(pk)s, old.%(column)s); END",
    "CREATE TRIGGER %(bare)s_update AFTER UPDATE OF %(column)s ON %(table)s"
    " BEGIN INSERT INTO %(name)s (%(name)s, rowid, %(column)s)"
    " VALUES ('delete', old.%(pk)s, old.%(column)s);"
    " INSERT INTO %(name)s (rowid, %(column)s) VALUES (new.%(pk)s, new.%(column)s); END",
    "INSERT INTO %(name)s (%(name)s) VALUES ('rebuild')",
]


def _refusal(model: Model, editor: Editor, name: str, event: str, when: str = "") -> Statement:
    """A trigger that refuses an event."""
    return Statement(
        REFUSE if editor.connection.vendor == "postgresql" else REFUSE_SQLITE,
        name=editor.quote_name(name),
        event=event,
        when=when,
        table=_table(model, editor),
    )


def _without(model: Model, editor: Editor, name: str) -> Statement:
    """The trigger is gone."""
    on_table = " ON %(table)s" if editor.connection.vendor == "postgresql" else ""
    return Statement(
        f"DROP TRIGGER %(name)s{on_table}",
        name=editor.quote_name(name),
        table=_table(model, editor),
    )


def _table(model: Model, editor: Editor) -> Table:
    return Table(model._meta.db_table, editor.quote_name)
