"""Finding text by index: any part of it, or its beginning. `%` and `_` mean themselves."""

from typing import Any

from django.db import connection
from django.db.models import Lookup, Q, TextField
from django.db.models.sql.compiler import SQLCompiler

from .constraints import TextSearch

LAST_LETTER = "\U0010ffff"


@TextField.register_lookup
class Holds(Lookup):
    """`text__holds="part"`: the text holds that part of three letters or more, by the model's
    `TextSearch`.
    """

    lookup_name = "holds"

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        escaped = connection.ops.prep_for_like_query(self.rhs)
        return f"{column} LIKE %s", [*params, f"%{escaped}%"]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:
        field = self.lhs.target
        (search,) = [
            constraint
            for constraint in field.model._meta.constraints
            if isinstance(constraint, TextSearch) and constraint.field == field.name
        ]
        quote = connection.ops.quote_name
        key = f"{quote(self.lhs.alias)}.{quote(field.model._meta.pk.column)}"
        phrase = '"' + self.rhs.replace('"', '""') + '"'
        table = quote(search.name)
        found = f"SELECT rowid FROM {table} WHERE {table} MATCH %s"  # noqa: S608  names of ours
        return f"{key} IN ({found})", [phrase]


def begins(field: str, start: str) -> Q:
    """The text of `field` begins with `start`, as each engine answers it from an index."""
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": start, f"{field}__lt": start + LAST_LETTER})
    return Q(**{f"{field}__startswith": start})
