"""Changing the catalogue: products, categories, vendors and vendor groups are added, edited, put
away and deleted, each deed with its line in the trail.
"""

from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from products.models import Product, Vendor
from stores import audit, edits
from stores.edits import Changed
from stores.models import Store, User

__all__ = ["Changed", "Gone", "InUse", "Taken", "add", "edit", "put_away", "remove", "take_back"]

Row = TypeVar("Row", bound=models.Model)

# What is put away is marked, not deleted: purchases point at it.
PUT_AWAY: dict[type[models.Model], tuple[str, str, str]] = {
    Product: ("deleted_at", "delete", "restore"),
    Vendor: ("retired_at", "retire", "revive"),
}


class Taken(ValueError):
    """Another row of the store has that name."""

    def __init__(self, row: Any):
        self.row = row
        super().__init__(_("%(name)s exists already.") % {"name": row.name})


class InUse(ValueError):
    """Something points at the row, so it is not deleted."""


class Gone(ValueError):
    """What the row should point at was deleted meanwhile. Nothing has changed."""


def add(model: type[Row], *, store: Store, by: User | None, **fields: Any) -> Row:
    """Make a row of the catalogue. Raises `Taken`, `Gone`."""
    fields = _without_idle_days(fields)
    try:
        with transaction.atomic():
            row = model._default_manager.create(store=store, **fields)
            changes = {name: [None, edits.plain(value)] for name, value in fields.items()}
            audit.record(
                store=store, by=by, action=_action(row, "add"), subject=row, changes=changes
            )
    except IntegrityError:
        _refuse_taken(model, store, fields.get("name"))
        raise Gone from None
    return row


def edit(*, row: Any, by: User | None, opened: dict[str, Any], fields: dict[str, Any]) -> list[str]:
    """Write what differs from `opened`, and say what that was.

    Raises `Changed` where it has changed since, `Taken`, `Gone`.
    """
    try:
        return edits.edit(
            store=row.store,
            row=row,
            by=by,
            opened=opened,
            fields=_without_idle_days(fields),
            action=_action(row, "edit"),
        )
    except IntegrityError:
        _refuse_taken(type(row), row.store, fields.get("name"), but=row)
        raise Gone from None


def put_away(*, row: Any, by: User | None) -> bool:
    """Delete a product or retire a vendor, softly: not listed, not sold, kept for what it sold.

    False if it was put away before.
    """
    return _mark(row, timezone.now(), by=by)


def take_back(*, row: Any, by: User | None) -> bool:
    """Sell a deleted product or a retired vendor's goods again; False if it is not put away."""
    return _mark(row, None, by=by)


def remove(*, row: Any, by: User | None) -> None:
    """Delete a row that nothing points at, for good. Raises `InUse`."""
    try:
        with transaction.atomic():
            locked = type(row).objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
            if locked is None:
                return
            if _is_pointed_at(locked):
                raise InUse
            changes = {"name": [locked.name, None]}
            action = _action(row, "delete")
            audit.record(store=row.store, by=by, action=action, subject=locked, changes=changes)
            locked.delete()
    except (ProtectedError, IntegrityError):
        raise InUse from None


def _mark(row: Any, moment: Any, *, by: User | None) -> bool:
    field, away, back = PUT_AWAY[type(row)]
    with transaction.atomic():
        locked = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
        if (getattr(locked, field) is None) == (moment is None):
            return False
        action = _action(row, back if moment is None else away)
        edits.write(store=row.store, row=locked, by=by, action=action, **{field: moment})
    setattr(row, field, moment)
    return True


def _is_pointed_at(row: Any) -> bool:
    """Whether any row, of whichever table, points at this one."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: row}).exists()
        for relation in row._meta.get_fields(include_hidden=True)
        if relation.auto_created and relation.one_to_many
    )


def _refuse_taken(model: Any, store: Store, name: Any, but: Any = None) -> None:
    others = model.objects.filter(store=store, name=name).exclude(pk=but.pk if but else None)
    if taken := others.first():
        raise Taken(taken) from None


def _without_idle_days(fields: dict[str, Any]) -> dict[str, Any]:
    """No discount has no days."""
    if fields.get("discount") == 0 and "discount_from" in fields:
        return {**fields, "discount_from": None, "discount_until": None}
    return fields


def _action(row: Any, verb: str) -> str:
    return f"{row._meta.model_name}.{verb}"
