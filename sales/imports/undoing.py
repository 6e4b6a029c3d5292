"""Taking back what the lines of a file did: their purchases are deleted, and who and what was made
for them goes again.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from customers import figures, purchases_undone
from customers.models import CreditAccount, OldName, Purchase, SearchText
from customers.profiles_many import (
    Profile,
    archive_many,
    delete_many,
    lock_profiles,
    pointed_at,
    put_back_many,
)
from products.models import Product, Vendor
from sales.imports.applying import target, worth
from sales.imports.staging import SALE
from sales.imports.tallying import KEPT
from sales.models import NameKind, SaleName, SalePerson, SaleRow
from stores import bulk, pointers
from stores.batches import Step
from stores.bulk import insert, moments, update
from stores.models import Batch, Outcome

EDITED = gettext_noop("%(name)s: kept, edited since")
USED = gettext_noop("%(name)s: kept, something else is about them by now")
HIDDEN = gettext_noop("%(name)s: archived, since what was done with them is kept")
SOLD = gettext_noop("%(name)s: kept, something else is about it by now")
# Rows that came with a customer.
OWN = (CreditAccount, SearchText, OldName)
GIVEN = ("email", "note", "picture")
FLAGS = ("discount", "subscriber", "group_member", "archived_at")
PRODUCT_EDITS = {
    "category_id": None,
    "discount": 0,
    "copy": False,
    "blocks_credit": False,
    "image": "",
    "deleted_at": None,
}
VENDOR_EDITS = {"group_id": None, "discount": 0, "group_discount": 0, "retired_at": None}
EDITS: dict[type, dict[str, Any]] = {Product: PRODUCT_EDITS, Vendor: VENDOR_EDITS}
OUTCOME = ("outcome", "drifted", "reason")
REVERSED, KEPT_LINES = "reversed", "kept"


class Line(NamedTuple):
    """A line that was written; see `SaleRow`."""

    pk: int
    line: int
    person_id: int
    product_name_id: int | None
    vendor_name_id: int | None
    import_key: str


class Undone:
    """One chunk of lines on the way back, within the caller's transaction."""

    def __init__(self, batch: Batch, lines: Sequence[Line]) -> None:
        self.batch = batch
        self.store = batch.store
        self.lines = lines
        self.reasons: dict[int, list[str]] = {}
        self.kept: set[int] = set()
        self.last = {
            (field, getattr(line, field)): line.pk
            for line in lines
            for field in ("person_id", "product_name_id", "vendor_name_id")
        }

    def run(self) -> dict[str, int]:
        """How many lines went back whole; how many were kept, or left something."""
        figures.lock_window(self.store)
        keys = [line.import_key for line in self.lines]
        first = self.batch.undoes
        if first is None:
            raise TypeError("only an undo is undone")
        gone, kept = purchases_undone.take_out(store=self.store, batch=first, keys=keys)
        self._tell_kept({row.import_key for row in kept})
        self._let_people_go()
        self._let_go(NameKind.PRODUCT, Product)
        self._let_go(NameKind.VENDOR, Vendor)
        self._save()
        told = len(self.reasons)
        return {
            REVERSED: len(self.lines) - told,
            KEPT_LINES: told - len(self.kept),
            "taken_out": len(gone),
            "taken_out_money": sum(row.money for row in gone),
        }

    def _tell_kept(self, keys: set[str]) -> None:
        for line in self.lines:
            if line.import_key in keys:
                self.kept.add(line.pk)
                self.reasons[line.pk] = [_("kept: returned or delivered since")]

    def _let_people_go(self) -> None:
        """Customers get back what they had, and those who were made are deleted, once no purchase
        of the file is left to them.
        """
        persons = SalePerson.objects.in_bulk({line.person_id for line in self.lines})
        ours = {one.customer_id: one for one in persons.values() if one.made or one.changes}
        bought = self._still_have("payer", list(ours))
        there = lock_profiles(sorted(key for key in ours if key and key not in bought))
        self._put_back({key: ours[key] for key in there if not ours[key].made}, there)
        self._delete({key: ours[key] for key in there if ours[key].made}, there)

    def _put_back(self, persons: dict[int, SalePerson], there: dict[int, Profile]) -> None:
        changes: dict[int, dict[str, Any]] = {}
        for key, person in persons.items():
            given = {name: _value(name, to) for name, (_, to) in person.changes.items()}
            if all(getattr(there[key], name) == value for name, value in given.items()):
                changes[key] = {name: was for name, (was, _) in person.changes.items()}
            else:
                self._tell("person_id", person.pk, EDITED, there[key].username)
        put_back_many(changes)

    def _delete(self, persons: dict[int, SalePerson], there: dict[int, Profile]) -> None:
        edited = {key for key, one in persons.items() if _is_edited(there[key], one)}
        rest = [key for key in persons if key not in edited]
        bought = _have_bought(rest)
        hidden = pointed_at(rest, but=OWN) - bought
        for keys, words in ((edited, EDITED), (bought, USED), (hidden, HIDDEN)):
            for key in keys:
                self._tell("person_id", persons[key].pk, words, there[key].username)
        archive_many(self.store, sorted(hidden))
        delete_many(self.store, [key for key in rest if key not in bought | hidden])

    def _let_go(self, kind: NameKind, model: Any) -> None:
        """What was made for the file is deleted, once nothing is about it any more."""
        field = f"{kind}_name_id"
        keys = {getattr(line, field) for line in self.lines} - {None}
        names = SaleName.objects.filter(made=True).in_bulk(keys)
        ours = {target(name): name for name in names.values()}
        bought = self._still_have(kind.value, list(ours))
        rows = model.objects.select_for_update().order_by("pk").in_bulk(set(ours) - bought)
        edited = {key for key, row in rows.items() if _is_other(row, ours[key])}
        used = pointers.pointed_at(model, [key for key in rows if key not in edited])
        for keys, words in ((edited, EDITED), (used, SOLD)):
            for key in keys:
                self._tell(field, ours[key].pk, words, rows[key].name)
        deleted = [key for key in rows if key not in edited | used]
        pointers.forget(model, deleted)
        bulk.delete(model, "id", deleted)

    def _still_have(self, field: str, keys: list[Any]) -> set[int]:
        """Those for whom other lines of the file are to be taken back yet."""
        rows = Purchase.objects.filter(batch=self.batch.undoes_id, **{f"{field}__in": keys})
        return set(rows.order_by().values_list(field, flat=True).distinct())

    def _tell(self, field: str, key: int, words: str, name: str) -> None:
        """Say on the last line about somebody what became of them."""
        said = _(words) % {"name": name}
        self.reasons.setdefault(self.last[field, key], []).append(said)

    def _save(self) -> None:
        rows = [
            (key, (Outcome.LEFT_OUT if key in self.kept else Outcome.WHOLE).value,
             key not in self.kept, "; ".join(words)[:300])
            for key, words in self.reasons.items()
        ]  # fmt: skip
        update(SaleRow, OUTCOME, rows)


def undo(batch: Batch, number: int) -> Step:
    """Take back a chunk of lines."""
    rows = SaleRow.objects.filter(batch=batch, line__gt=batch.cursor).order_by("line")
    lines = [Line(*values) for values in rows.values_list(*Line._fields)[:number]]
    if not lines:
        return Step(cursor=batch.cursor, rows=0)
    return Step(cursor=lines[-1].line, rows=len(lines), counts=Undone(batch, lines).run())


def turn(batch: Batch, number: int) -> Step:
    """Write the plan of an undo: a chunk of the lines that were written."""
    first = batch.undoes
    written = SaleRow.objects.filter(
        KEPT, batch=batch.undoes_id, line__gt=batch.cursor, line__lte=first.cursor if first else 0
    ).exclude(outcome=Outcome.LEFT_OUT)
    rows = list(written.order_by("line").values_list(*SALE[2:])[:number])
    at = moments(row[7] for row in rows)
    copies = [(batch.store_id, batch.pk, *row[:7], at[row[7]], *row[8:]) for row in rows]
    insert(SaleRow, SALE, copies)
    cursor = rows[-1][0] if rows else batch.cursor
    return Step(cursor=cursor, rows=len(rows), counts={"new": len(rows)})


def _value(name: str, plain: Any) -> Any:
    return UUID(plain) if name == "uuid" else plain


def _is_edited(customer: Profile, person: SalePerson) -> bool:
    """Whether a customer is no longer who the file made."""
    named = (customer.username, customer.uuid) == (person.username, person.uuid)
    given = any(getattr(customer, name) for name in (*GIVEN, *FLAGS))
    return not named or given


def _have_bought(keys: list[int]) -> set[int]:
    """Those of customers who bought, or were bought for, by other sales."""
    found: set[int] = set()
    for field in ("payer", "recipient"):
        rows = Purchase.objects.filter(**{f"{field}__in": keys}).order_by()
        found.update(rows.values_list(field, flat=True).distinct())
    return found


def _is_other(row: Any, name: SaleName) -> bool:
    """Whether a product or a vendor is no longer what the file made."""
    made = {"name": name.name, **worth(name), **EDITS[type(row)]}
    return any((getattr(row, field) or "") != (was or "") for field, was in made.items())
