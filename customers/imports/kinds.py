"""Batches of customer files: planned line by line, applied, and taken back."""

import dataclasses
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from customers.imports import applying, file, staging, undoing, words
from customers.imports.file import Reading, Sheet
from customers.imports.judging import Rules
from customers.models import WRITTEN, CustomerLine, LineState
from stores import batches
from stores.batches import BatchKind, BatchRefused, RowList, Step
from stores.batches.kinds import CHUNK
from stores.bulk import tell_size
from stores.models import Batch, Outcome, Upload, User
from stores.paging import Count
from stores.rights import Right
from stores.sheets import Dialect, SheetError
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
        decimal = file.decimal_of(opener(upload), sheet, fields, digits=store.money.digits)
    return batches.draft(
        store=store,
        kind=CUSTOMER_IMPORT,
        title=f"Customers from {upload.name}",
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


def opener(upload: Upload) -> file.Source:
    """Opens the file anew at each call. Raises SheetError where it is gone."""

    def opened() -> Any:
        if not upload.file.name:
            raise SheetError("The file is no longer kept: send it again.")
        return upload.file.storage.open(upload.file.name, "rb")

    return opened


NOT_TAKEN = (LineState.REFUSED, LineState.CONFLICT)


class LineWork(BatchKind):
    """What an import and its undo share: rows over the lines of a file."""

    noun = "lines"
    noun_one = "line"
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
        return words.header(batch, mending=rows.name in NOT_TAKEN)

    def cells(self, batch: Batch, line: Row) -> list[Any]:
        return words.cells(line)

    def button(self, batch: Batch) -> str:
        number = self.touched(batch)
        return f"Import {number:,} {'customer' if number == 1 else 'customers'}"

    def _waiting(self, batch: Batch) -> list[CustomerLine]:
        rows = CustomerLine.objects.filter(batch=batch, line__gt=batch.cursor)
        return list(rows.order_by("line")[:CHUNK])


class CustomerImport(LineWork):
    """Customers out of a file."""

    name = "customers.import"
    undo_kind = "customers.import.undo"

    def plan(self, batch: Batch) -> Step:
        rest = _reading(batch)
        read = list(islice(rest, CHUNK))
        if not read:
            return Step(cursor=batch.cursor, rows=0)
        headers = dict(zip(batch.asked["fields"], batch.asked["names"], strict=True))
        rules = Rules(batch.asked["mode"], batch.asked["lifts_opt_out"])
        counts = staging.Stager(batch, rules, headers).stage(read)
        last = read[-1][0].line
        _readings[batch.pk] = (last, rest)
        return Step(cursor=last, rows=len(read), counts=dict(counts))

    def apply(self, batch: Batch) -> Step:
        lines = self._waiting(batch)
        if not lines:
            return Step(cursor=batch.cursor, rows=0)
        return applying.apply(batch, lines, cursor=lines[-1].line)

    def totals(self, batch: Batch) -> dict[str, Any]:
        if batch.planned > CHUNK:
            tell_size(CustomerLine)
        return {}

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
    done = "Taken back"
    short = "In part: the rest is spent"
    left_out = "Impossible: already spent"
    drifted = "Kept: edited since"

    def plan(self, batch: Batch) -> Step:
        lines = list(self._done(batch)[:CHUNK])
        CustomerLine.objects.bulk_create(undoing.turned(batch, lines), batch_size=1_000)
        counts = {state.value: sum(line.state == state for line in lines) for state in WRITTEN}
        cursor = lines[-1].line if lines else batch.cursor
        return Step(cursor=cursor, rows=len(lines), counts=counts)

    def apply(self, batch: Batch) -> Step:
        lines = self._waiting(batch)
        if not lines:
            return Step(cursor=batch.cursor, rows=0)
        return undoing.undo(batch, lines, cursor=lines[-1].line)

    def _done(self, batch: Batch) -> QuerySet[CustomerLine]:
        first = batch.undoes
        written = CustomerLine.objects.filter(
            batch=batch.undoes_id, state__in=WRITTEN, line__gt=batch.cursor
        ).exclude(outcome=Outcome.LEFT_OUT)
        return written.filter(line__lte=first.cursor if first else 0).order_by("line")


# A worker goes on reading where its last chunk ended; another one skips what was staged already.
_readings: dict[int, tuple[int, Iterator[Any]]] = {}


def _reading(batch: Batch) -> Iterator[Any]:
    """The records of the file after the line that was staged last. Raises BatchRefused."""
    place, rest = _readings.pop(batch.pk, (-1, None))
    return rest if rest is not None and place == batch.cursor else _opened(batch)


def _opened(batch: Batch) -> Iterator[Any]:
    asked, store = batch.asked, batch.store
    upload = Upload.objects.get(store=store, pk=asked["upload"])
    last = batch.cursor
    try:
        for row, line in file.lines(
            opener(upload),
            dialect=Dialect(**asked["dialect"]),
            has_header=asked["has_header"],
            names=tuple(asked["names"]),
            fields=tuple(asked["fields"]),
            digits=store.money.digits,
            decimal=asked["decimal"],
        ):
            if row.line > last:
                yield row, line
    except SheetError as error:
        raise BatchRefused(f"{error} Nothing was changed.") from None


CUSTOMER_IMPORT = CustomerImport()
CUSTOMER_IMPORT_UNDO = CustomerImportUndo()
