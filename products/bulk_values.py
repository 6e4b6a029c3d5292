"""Bulk changes that write the same values on many rows of the catalogue, and their undo."""

from typing import Any, ClassVar

from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stores.batches import BatchKind, Step
from stores.batches.kinds import CHUNK, PLANNED, RowList, came_of
from stores.models import Batch, Outcome
from stores.nouns import Words
from stores.rights import Right
from stores.tables import Row


class ValueWork(BatchKind):
    """Rows over a `model`, each with the values that were and those that shall be.

    `columns` names the fields that are written, each with what its columns of a row begin with;
    `value` is all of them as one, which a row has as `was` and as `to`.
    """

    right = Right.SET_DISCOUNTS
    row_template = "products/value_rows.html"
    model: ClassVar[type[Model]]
    columns: ClassVar[dict[str, str]]
    value: ClassVar[type[Any]]
    # What it says before it touches everything, with the number.
    touches_all: ClassVar[Words]
    # Rows of which something else than nothing is replaced.
    replaced: ClassVar[Q]

    def meet_drift(self, batch: Batch, row: Any, present: Any) -> None:
        """Judge a row whose target has other values by now."""
        raise TypeError(f"{type(self).__name__} does not know what to do")

    def apply(self, batch: Batch) -> Step:
        """Locks the targets of the chunk by key, looks for those whose values are not the ones
        that were planned for, and writes.
        """
        rows = list(self._waiting(batch)[:CHUNK])
        if not rows:
            return Step(cursor=batch.cursor, rows=0)
        present = self._lock(rows)
        drifted = [row for row in rows if present[self.key(row)] != row.was]
        for row in drifted:
            row.drifted = True
            self.meet_drift(batch, row, present[self.key(row)])
        self.rows._default_manager.bulk_update(
            drifted, ["drifted", "outcome", *self._columns("was"), *self._columns("to")], 500
        )
        upper = self.key(rows[-1])
        return Step(cursor=upper, rows=len(rows), counts={"set": self._write(batch, upper)})

    def totals(self, batch: Batch) -> dict[str, Any]:
        rows = self.planned(batch)
        same = rows.filter(self.same)
        replaced = rows.filter(self.replaced).count() - same.filter(self.replaced).count()
        return {"same": same.count(), "replaced": replaced}

    def touched(self, batch: Batch) -> int:
        return batch.planned - batch.counts.get("same", 0)

    def lists(self, batch: Batch) -> list[RowList]:
        """A short preview shows the rows that change something."""
        if batch.has_ended or batch.planned > CHUNK or not self.touched(batch):
            return super().lists(batch)
        return [RowList(PLANNED, _("Planned"), ~self.same, self.touched(batch))]

    def warnings(self, batch: Batch) -> list[str]:
        if batch.has_ended:
            return []
        said = []
        if batch.asked and batch.asked["selection"]["everything"]:
            said.append(self.touches_all % {"number": f"{batch.planned:,}"})
        if replaced := batch.counts.get("replaced"):
            text = ngettext(
                "%(things)s has another discount now, which is replaced.",
                "%(things)s have another discount now, which is replaced.",
                replaced,
            )
            said.append(text % {"things": self.things(replaced)})
        return said

    def figures(self, batch: Batch) -> list[tuple[str, str]]:
        counts, things = batch.counts, capfirst(self.all_things())
        if batch.has_ended:
            return [(things, f"{batch.handled:,}"), (_("Written"), f"{counts.get('set', 0):,}")]
        return [
            (things, f"{batch.planned:,}"),
            (_("Another discount replaced"), f"{counts['replaced']:,}"),
            (_("Have it already"), f"{counts['same']:,}"),
        ]

    def lines(self, batch: Batch, keys: list[int]) -> list[Row]:
        name = self.target.removesuffix("_id")
        rows = self.rows._default_manager.select_related(name).in_bulk(keys)
        return [_line(batch, rows[key], getattr(rows[key], name)) for key in keys]

    @property
    def same(self) -> Q:
        """Rows whose target has the values already."""
        same = Q()
        for name in self.columns.values():
            was, to = f"{name}_was", f"{name}_to"
            same &= Q(**{was: F(to)}) | Q(**{was: None, to: None})
        return same

    def key(self, row: Any) -> int:
        """The key of a row's target."""
        key: int = getattr(row, self.target)
        return key

    def plan_rows(self, batch: Batch, targets: QuerySet[Any], asked: Any) -> Step:
        """Write the next rows over targets, with what `asked` makes of their values."""
        found = targets.filter(pk__gt=batch.cursor).order_by("pk")
        rows = []
        for key, *values in found.values_list("pk", *self.columns)[:CHUNK]:
            was = self.value(*values)
            rows.append(self.new_row(batch, key, was, asked(was)))
        return self.insert(batch, rows)

    def plan_undo(self, batch: Batch) -> Step:
        """Write the next rows over what another batch did, to give it back."""
        done = self.planned_by(batch.undoes_id).filter(
            **{f"{self.target}__gt": batch.cursor, f"{self.target}__lte": F("batch__cursor")}
        )
        chosen = done.exclude(outcome=Outcome.LEFT_OUT).order_by(self.target)[:CHUNK]
        rows = [self.new_row(batch, self.key(row), row.to, row.was) for row in chosen]
        return self.insert(batch, rows)

    def planned_by(self, batch: int | None) -> QuerySet[Any]:
        return self.rows._default_manager.filter(batch=batch)

    def new_row(self, batch: Batch, key: int, was: Any, to: Any) -> Any:
        row: Any = self.rows(store_id=batch.store_id, batch=batch, **{self.target: key})
        row.was, row.to = was, to
        return row

    def insert(self, batch: Batch, rows: list[Any]) -> Step:
        """Write plan rows, which stand in the order of their targets."""
        self.rows._default_manager.bulk_create(rows, batch_size=1_000)
        return Step(cursor=self.key(rows[-1]) if rows else batch.cursor, rows=len(rows))

    def _columns(self, end: str) -> list[str]:
        return [f"{name}_{end}" for name in self.columns.values()]

    def _waiting(self, batch: Batch) -> QuerySet[Any]:
        rows = self.planned(batch).filter(**{f"{self.target}__gt": batch.cursor})
        return rows.order_by(self.target)

    def _lock(self, rows: list[Any]) -> dict[int, Any]:
        """The values of the targets now."""
        span = {"pk__gte": self.key(rows[0]), "pk__lte": self.key(rows[-1])}
        chosen = self.planned_by(rows[0].batch_id).values(self.target)
        targets: QuerySet[Any] = self.model._default_manager.filter(**span, pk__in=chosen)
        found = targets.select_for_update().order_by("pk").values_list("pk", *self.columns)
        return {key: self.value(*values) for key, *values in found}

    def _write(self, batch: Batch, upper: int) -> int:
        """Give the targets of a chunk what their rows say; how many that is."""
        rows = self._waiting(batch).filter(**{f"{self.target}__lte": upper})
        written = rows.exclude(outcome=Outcome.LEFT_OUT).order_by().values(self.target)
        mine = self.planned(batch).filter(**{self.target: OuterRef("pk")})
        return self.model._default_manager.filter(pk__in=written).update(
            **{field: Subquery(mine.values(f"{name}_to")) for field, name in self.columns.items()}
        )


def _line(batch: Batch, row: Any, target: Any) -> Row:
    target.store = batch.store
    return {
        "target": target,
        "was": row.was,
        "to": row.to,
        "same": row.was == row.to,
        **came_of(row),
    }
