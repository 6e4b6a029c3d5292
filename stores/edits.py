"""Changing a row of a store only where it still is what the person saw."""

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from stores import audit
from stores.models import Store, User


class Changed(ValueError):
    """Somebody else changed the fields meanwhile; `present` maps each to its value now, as `plain`
    gives it. Nothing has changed.
    """

    def __init__(self, present: dict[str, Any]):
        self.present = present
        super().__init__(_("Somebody changed this meanwhile."))


def plain(value: Any) -> Any:
    """A value as a form carries it and the trail keeps it: days as text, rows by their key."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def present(row: models.Model, names: Any) -> dict[str, Any]:
    """The plain values of a row's fields; of a field that points at a row, its key."""
    return {name: plain(row.serializable_value(name)) for name in names}


def edit(
    *,
    store: Store,
    row: Any,
    by: User | None,
    opened: dict[str, Any],
    fields: dict[str, Any],
    action: str,
) -> list[str]:
    """Write those `fields` that differ from `opened`, the plain values that the form was opened
    with, and say which they are.

    Locks the row and writes the trail. Raises `Changed` where one of them has changed since.
    """
    changed = [name for name, value in fields.items() if plain(value) != opened[name]]
    if not changed:
        return []
    with transaction.atomic():
        locked = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
        now = present(locked, fields)
        changed = [name for name in changed if now[name] != plain(fields[name])]
        conflicts = {name: now[name] for name in changed if now[name] != opened[name]}
        if conflicts:
            raise Changed(conflicts)
        write(store=store, row=locked, by=by, action=action, **{n: fields[n] for n in changed})
    for name in changed:
        setattr(row, name, fields[name])
    return changed


def write(*, store: Store, row: Any, by: User | None, action: str, **fields: Any) -> None:
    """Set the fields of a locked row and write the trail, within the caller's transaction."""
    if not fields:
        return
    before = present(row, fields)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
    changes = {name: [before[name], plain(value)] for name, value in fields.items()}
    audit.record(store=store, by=by, action=action, subject=row, changes=changes)
