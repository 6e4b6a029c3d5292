"""Batches of sales files: planned line by line, applied, and taken back."""

import dataclasses
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext_lazy

from customers.models import Customer, Purchase
from sales.imports import applying, choosing, file, records, staging, tallying, undoing, words
from sales.imports.file import Reading, Sheet
from sales.models import SaleName, SalePerson, SaleRow, SaleState
from stores import batches, uploads
from stores.batches import BatchKind, Question, RowList, Step
from stores.batches.kinds import CHUNK, DONE
from stores.models import Batch, Upload, User
from stores.paging import Count
from stores.rights import Right
from stores.tables import Row

SKIPPED, RETURNS = "skipped", "returns"


def draft(
    *, upload: Upload, reading: Reading, sheet: Sheet, fields: tuple[str, ...], by: User | None
) -> Batch:
    """Plan the import of a file whose columns are read as `fields`.

    Raises SheetError where decimal sign or dates are unclear, BatchRefused where the file cannot be
    read.
    """
    store = upload.store
    source = uploads.opener(upload)
    signs = file.signs_of(source, sheet, fields, reading, digits=store.money.digits)
    return batches.draft(
        store=store,
        kind=SALE_IMPORT,
        title=_("Sales from %(file)s") % {"file": upload.name},
        asked={
            "upload": upload.pk,
            "sha256": upload.sha256,
            "file": upload.name,
            "dialect": dataclasses.asdict(sheet.dialect),
            "has_header": sheet.has_header,
            "names": list(sheet.names),
            "fields": list(fields),
            **signs,
        },
        by=by,
        targets=Count(upload.size // 40 + 1),
    )


class SaleWork(BatchKind):
    """What an import and its undo share: rows over the lines of a file."""

    noun = npgettext_lazy("counted", "line", "lines")
    right = Right.IMPORT
    rows = SaleRow
    target = "line"
    row_template = "sales/import_rows.html"
    header = words.HEADER

    def touched(self, batch: Batch) -> int:
        new: int = batch.counts.get("new", 0)
        return new

    def facts(self, batch: Batch) -> list[tuple[str, str]]:
        return words.facts(batch)

    def lines(self, batch: Batch, keys: list[int]) -> list[Row]:
        return words.lines(batch, keys)

    def header_of(self, batch: Batch, rows: RowList) -> list[str]:
        mends = rows.name in (SaleState.REFUSED, SaleState.NAMELESS)
        return words.header(batch, to_mend=mends)

    def cells(self, batch: Batch, line: Row) -> list[Any]:
        return words.cells(batch, line)

    def button(self, batch: Batch) -> str:
        number = self.touched(batch)
        return ngettext("Import %(number)s sale", "Import %(number)s sales", number) % {
            "number": f"{number:,}"
        }


class SaleImport(SaleWork):
    """Sales out of a file."""

    name = "sales.import"
    undo_kind = "sales.import.undo"
    plan_fills = (SaleRow, SalePerson, SaleName)
    work_fills = (Customer, Purchase)

    def plan(self, batch: Batch) -> Step:
        read = records.take(batch, CHUNK)
        if not read:
            return Step(cursor=batch.cursor, rows=0)
        counts = staging.Stager(batch).stage(read)
        counts["fresh"] = counts.pop(SaleState.NEW.value, 0)
        return Step(cursor=read[-1][0].line, rows=len(read), counts=dict(counts))

    def apply(self, batch: Batch) -> Step:
        return applying.apply(batch, CHUNK)

    def totals(self, batch: Batch) -> dict[str, Any]:
        return tallying.add_up(batch)

    def question(self, batch: Batch) -> Question | None:
        """Which product each name means."""
        if not batch.counts.get("names"):
            return None
        url = reverse("sales_import:products", args=[batch.store.slug, batch.pk])
        is_open = bool(batch.counts["open"])
        label = _("Match products") if is_open else _("Change products")
        return Question(label, url, is_open)

    def refusal(self, batch: Batch) -> str:
        return choosing.refusal(batch)

    def throw_away(self, batch: Batch) -> None:
        for model in (SaleRow, SalePerson, SaleName):
            rows = model._default_manager.filter(batch=batch)
            rows._raw_delete(rows.db)

    def lists(self, batch: Batch) -> list[RowList]:
        counts = batch.counts
        lists = [
            RowList(SaleState.NEW.value, _("New"), tallying.KEPT, counts["new"]),
            RowList(RETURNS, _("Returns"), tallying.KEPT & Q(quantity__lt=0), counts["returns"]),
            RowList(SKIPPED, _("Left out"), tallying.SKIPPED, counts["skipped"]),
            *(
                RowList(
                    state.value, str(state.label).capitalize(), Q(state=state), counts.get(state, 0)
                )
                for state in (SaleState.KNOWN, SaleState.NAMELESS, SaleState.REFUSED)
            ),
        ]
        lists.sort(key=lambda one: not one.count)
        return [*lists, *(self.shortfalls(batch)[1:2] if batch.has_ended else [])]

    def figures(self, batch: Batch) -> list[tuple[str, str]]:
        return words.figures(batch)

    def warnings(self, batch: Batch) -> list[str]:
        return words.warnings(batch)

    def said(self, batch: Batch) -> str:
        return words.said(batch)


class SaleImportUndo(SaleWork):
    """Takes out what an import wrote."""

    name = "sales.import.undo"
    done = gettext_lazy("Taken back")
    left_out = gettext_lazy("Kept: returned or delivered since")
    drifted = gettext_lazy("Taken back, something made for it kept")

    def plan(self, batch: Batch) -> Step:
        return undoing.turn(batch, CHUNK)

    def apply(self, batch: Batch) -> Step:
        return undoing.undo(batch, CHUNK)

    def lists(self, batch: Batch) -> list[RowList]:
        if not batch.has_ended:
            return super().lists(batch)
        worked = Q(line__lte=batch.cursor)
        whole, kept = (batch.counts.get(n, 0) for n in (undoing.REVERSED, undoing.KEPT_LINES))
        _, left_out, drifted = self.shortfalls(batch)
        return [
            RowList(DONE, self.done, worked & Q(outcome="", drifted=False), whole),
            dataclasses.replace(drifted, count=kept),
            left_out,
        ]

    def figures(self, batch: Batch) -> list[tuple[str, str]]:
        return words.figures_of_undo(batch)

    def said(self, batch: Batch) -> str:
        return self.said_by_lists(batch)


SALE_IMPORT = SaleImport()
SALE_IMPORT_UNDO = SaleImportUndo()
