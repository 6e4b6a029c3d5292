"""Batches of customer files: planned line by line, applied, and taken back."""

import dataclasses
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext_lazy

from customers.imports import applying, file, records, staged, staging, undoing, words
from customers.imports.file import Reading, Sheet
from customers.imports.judging import Rules
from customers.models import WRITTEN, CreditEntry, Customer, CustomerLine, LineState
from stores import batches, uploads
from stores.batches import BatchKind, RowList, Step
from stores.batches.kinds import CHUNK, DONE
from stores.models import Batch, Outcome, Upload, User
from stores.paging import Count
from stores.rights import Right
from stores.tables import Row


def draft(
    *,
    upload: Upload,
    reading: Reading,
    sheet: Sheet,
    fields: tuple[str, ...],
    rules: Rules,
    by: User | None,
) -> Batch:
    """Plan the import of a file whose columns are read as `fields`.

    Raises SheetError where the decimal sign is unclear, BatchRefused where the file cannot be read.
    """
    store = upload.store
    decimal = reading.decimal
    if decimal == file.AUTO:
        decimal = file.decimal_of(uploads.opener(upload), sheet, fields, digits=store.money.digits)
    return batches.draft(
        store=store,
        kind=CUSTOMER_IMPORT,
        title=_("Customers from %(file)s") % {"file": upload.name},
        asked={
            "upload": upload.pk,
            "sha256": upload.sha256,
            "file": upload.name,
            "dialect": dataclasses.asdict(sheet.dialect),
            "has_header": sheet.has_header,
            "names": list(sheet.names),
            "fields": list(fields),
            "decimal": decimal,
            **rules._asdict(),
        },
        by=by,
        targets=Count(upload.size // 40 + 1),
    )


NOT_TAKEN = (LineState.REFUSED, LineState.CONFLICT)


class LineWork(BatchKind):
    """What an import and its undo share: rows over the lines of a file."""

    noun = npgettext_lazy("counted", "line", "lines")
    right = Right.IMPORT
    rows = CustomerLine
    target = "line"
    row_template = "customers/import_rows.html"
    header = words.HEADER

    def touched(self, batch: Batch) -> int:
        return sum(batch.counts.get(state, 0) for state in WRITTEN)

    def facts(self, batch: Batch) -> list[tuple[str, str]]:
        return words.facts(batch)

    def lines(self, batch: Batch, keys: list[int]) -> list[Row]:
        return words.lines(batch, keys)

    def header_of(self, batch: Batch, rows: RowList) -> list[str]:
        return words.header(batch, to_mend=rows.name in NOT_TAKEN)

    def cells(self, batch: Batch, line: Row) -> list[Any]:
        return words.cells(batch, line)

    def button(self, batch: Batch) -> str:
        number = self.touched(batch)
        text = ngettext("Import %(number)s customer", "Import %(number)s customers", number)
        return text % {"number": f"{number:,}"}


class CustomerImport(LineWork):
    """Customers out of a file."""

    name = "customers.import"
    undo_kind = "customers.import.undo"
    plan_fills = (CustomerLine,)
    work_fills = (Customer,)

    def plan(self, batch: Batch) -> Step:
        read = records.take(batch, CHUNK)
        if not read:
            return Step(cursor=batch.cursor, rows=0)
        counts = staging.Stager(batch).stage(read)
        return Step(cursor=read[-1][0].line, rows=len(read), counts=dict(counts))

    def apply(self, batch: Batch) -> Step:
        lines = staged.waiting(batch, CHUNK)
        return applying.apply(batch, lines) if lines else Step(cursor=batch.cursor, rows=0)

    def lists(self, batch: Batch) -> list[RowList]:
        by_state = [
            RowList(
                state.value,
                str(state.label).capitalize(),
                Q(state=state),
                batch.counts.get(state, 0),
            )
            for state in LineState
        ]
        by_state.sort(key=lambda one: not one.count)
        return [*by_state, *(self.shortfalls(batch) if batch.has_ended else [])]

    def figures(self, batch: Batch) -> list[tuple[str, str]]:
        return words.figures(batch)

    def warnings(self, batch: Batch) -> list[str]:
        return words.warnings(batch)

    def said(self, batch: Batch) -> str:
        return words.said(batch)


class CustomerImportUndo(LineWork):
    """Gives back what an import changed, as far as it is still there."""

    name = "customers.import.undo"
    plan_fills = (CreditEntry,)
    done = gettext_lazy("Taken back")
    short = gettext_lazy("In part: the rest is spent")
    left_out = gettext_lazy("Impossible: already spent")
    drifted = gettext_lazy("Kept: edited or bought since")

    def plan(self, batch: Batch) -> Step:
        lines = [
            staged.Staged(*values)
            for values in self._done(batch).values_list(*staged.FIELDS)[:CHUNK]
        ]
        undoing.turn(batch, lines)
        counts = {state.value: sum(line.state == state for line in lines) for state in WRITTEN}
        cursor = lines[-1].line if lines else batch.cursor
        return Step(cursor=cursor, rows=len(lines), counts=counts)

    def apply(self, batch: Batch) -> Step:
        lines = staged.waiting(batch, CHUNK)
        return undoing.undo(batch, lines) if lines else Step(cursor=batch.cursor, rows=0)

    def lists(self, batch: Batch) -> list[RowList]:
        if not batch.has_ended:
            return super().lists(batch)
        worked = Q(line__lte=batch.cursor)
        whole, kept = (batch.counts.get(name, 0) for name in (undoing.REVERSED, undoing.KEPT))
        *short, drifted = self.shortfalls(batch)
        return [
            RowList(DONE, self.done, worked & Q(outcome="", drifted=False), whole),
            dataclasses.replace(drifted, count=kept),
            *short,
        ]

    def said(self, batch: Batch) -> str:
        return self.said_by_lists(batch)

    def _done(self, batch: Batch) -> QuerySet[CustomerLine]:
        first = batch.undoes
        written = CustomerLine.objects.filter(
            batch=batch.undoes_id, state__in=WRITTEN, line__gt=batch.cursor
        ).exclude(outcome=Outcome.LEFT_OUT)
        return written.filter(line__lte=first.cursor if first else 0).order_by("line")


CUSTOMER_IMPORT = CustomerImport()
CUSTOMER_IMPORT_UNDO = CustomerImportUndo()
