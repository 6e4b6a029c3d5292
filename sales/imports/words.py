"""What the page of an import says: what the file comes to, what was done, and each line."""

from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sales.mapping import LABELS
from sales.models import Choice, SaleRow, SaleState
from stores import mending
from stores.batches.kinds import came_of
from stores.cells import excerpt
from stores.models import Batch, Outcome
from stores.sheet_dialects import Dialect
from stores.tables import Row

HEADER = ["Line", "State", "Date", "Customer", "Product", "Quantity", "Amount", "Why", "Outcome"]
# What a column of each field is called where its file has no header.
NAMES = {
    "customer": "Customer",
    "uuid": "UUID",
    "date": "Date",
    "product": "Product",
    "quantity": "Quantity",
    "amount": "Amount",
    "price": "Price",
    "receipt": "Receipt",
    "vendor": "Vendor",
}


def facts(batch: Batch) -> list[tuple[str, str]]:
    """How the file was read, and what is done with its products."""
    asked = batch.asked
    if not asked:
        return []
    read = [
        _("%(field)s from “%(column)s”") % {"field": LABELS[field], "column": name}
        for field, name in zip(asked["fields"], asked["names"], strict=True)
        if field
    ]
    said = [
        (_("File"), f"{asked['file']}, {Dialect(**asked['dialect'])}"),
        (_("Columns"), "; ".join(read)),
    ]
    if names := _names(batch):
        said.append((_("Products"), names))
    return said


def _names(batch: Batch) -> str:
    counts = batch.counts
    if not counts.get("names"):
        return ""
    matched = counts["products"] - counts["products_new"]
    left_out = counts["names"] - counts["products"] - counts["open"]
    parts = (
        (matched, _("%(number)s matched")),
        (counts["products_new"], _("%(number)s to be created")),
        (left_out, _("%(number)s left out")),
        (counts["open"], _("%(number)s to be chosen")),
    )
    return ", ".join(words % {"number": f"{number:,}"} for number, words in parts if number)


def figures(batch: Batch) -> list[tuple[str, str]]:
    """What the lines come to, in numbers."""
    counts, money = batch.counts, batch.store.money
    said = [
        (_("New"), f"{counts['new']:,}"),
        (_("In all"), money.format(counts["money"])),
    ]
    if counts["returns"]:
        said.append(
            (_("Of them returns"), f"{counts['returns']:,}, {money.format(counts['returned'])}")
        )
    if counts["skipped"]:
        said.append(
            (_("Left out"), f"{counts['skipped']:,}, {money.format(counts['skipped_money'])}")
        )
    for state in (SaleState.KNOWN, SaleState.NAMELESS, SaleState.REFUSED):
        if counts.get(state):
            said.append((str(state.label).capitalize(), f"{counts[state]:,}"))
    for name, label in (
        ("people_new", _("New customers")),
        ("people_changed", _("Customers renamed or completed")),
        ("products_new", _("New products")),
        ("vendors_new", _("New vendors")),
    ):
        if counts[name]:
            said.append((label, f"{counts[name]:,}"))
    return said


def figures_of_undo(batch: Batch) -> list[tuple[str, str]]:
    """What was taken out, in numbers."""
    if not batch.has_ended:
        return []
    counts = batch.counts
    return [
        (_("Taken out"), f"{counts.get('taken_out', 0):,}"),
        (_("In all"), batch.store.money.format(counts.get("taken_out_money", 0))),
    ]


def warnings(batch: Batch) -> list[str]:
    """What an owner ought to know before they import."""
    counts = batch.counts
    if batch.has_ended:
        return []
    said = []
    if counts["open"]:
        text = ngettext(
            "%(number)s product is not matched yet: until then %(lines)s left out.",
            "%(number)s products are not matched yet: until then %(lines)s left out.",
            counts["open"],
        )
        said.append(text % {"number": f"{counts['open']:,}", "lines": _lines(counts["open_lines"])})
    elif not counts["new"]:
        said.append(_("Nothing would be added: every line is known already, left out or refused."))
    said += mending.advice(counts, (SaleState.REFUSED, SaleState.NAMELESS))
    return said


def said(batch: Batch) -> str:
    """What was done, for the person who did it."""
    counts, money = batch.counts, batch.store.money
    added, made = counts.get("added", 0), counts.get("people_made", 0)
    parts = [
        ngettext("%(number)s sale added", "%(number)s sales added", added)
        % {"number": f"{added:,}"}
    ]
    if added:
        parts.append(_("%(amount)s in all") % {"amount": money.format(counts["added_money"])})
    if made:
        text = ngettext("%(number)s customer made", "%(number)s customers made", made)
        parts.append(text % {"number": f"{made:,}"})
    if left_out := counts.get(Outcome.LEFT_OUT):
        parts.append(_("%(number)s left out") % {"number": f"{left_out:,}"})
    return f"{batch.title}: {', '.join(parts)}."


def lines(batch: Batch, keys: list[int]) -> list[Row]:
    """Lines as their table shows them, in the order of `keys`, which are primary keys."""
    related = ("person__customer", "product_name__product")
    rows = SaleRow.objects.select_related(*related).in_bulk(keys)
    return [_line(batch, rows[key]) for key in keys]


def _line(batch: Batch, line: SaleRow) -> Row:
    customer = line.person.customer if line.person else None
    if customer:
        customer.store = batch.store
    return {
        "line": line,
        "customer": customer,
        "who": customer.username if customer else line.person.username if line.person else line.who,
        "becomes": _becomes(line),
        "money": batch.store.money.format(line.amount) if line.import_key else "",
        "is_read": bool(line.import_key),
        "value": excerpt(mending.value_of(batch.asked, line)) if batch.asked else "",
        **came_of(line),
    }


def _becomes(line: SaleRow) -> str:
    """What is made of the product as the file names it."""
    name = line.product_name
    if name is None:
        return ""
    if name.choice == Choice.MATCH and name.product:
        return "" if name.product.name == name.name else str(name.product.name)
    return {
        Choice.CREATE: _("new"),
        Choice.SKIP: _("left out"),
        Choice.OPEN: _("not matched"),
    }.get(Choice(name.choice), "")


def header(batch: Batch, *, to_mend: bool) -> list[str]:
    """The header of lines in a file; of lines that were not taken that of their own file."""
    return mending.header(batch.asked, NAMES) if to_mend and batch.asked else HEADER


def cells(batch: Batch, line: Row) -> list[Any]:
    """A line as it stands in a file: one that was not taken as it came, behind what is wrong."""
    row: SaleRow = line["line"]
    if row.cells is not None:
        return mending.line(batch.asked, row)
    return [
        row.line,
        str(SaleState(row.state).label),
        localtime(row.at, batch.store.zone).strftime("%Y-%m-%d %H:%M:%S") if row.at else "",
        line["who"],
        row.what,
        row.quantity,
        batch.store.money.plain(row.amount),
        row.reason,
        line["outcome"],
    ]


def _lines(number: int) -> str:
    return ngettext("%(number)s line is", "%(number)s lines are", number) % {
        "number": f"{number:,}"
    }
