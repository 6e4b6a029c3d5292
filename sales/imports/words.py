"""What the page of an import says: what the file comes to, what was done, and each line."""

from typing import Any

from django.utils.timezone import localtime

from sales.mapping import LABELS
from sales.models import Choice, SaleRow, SaleState
from stores import mending
from stores.cells import excerpt
from stores.models import Batch, Outcome
from stores.sheets import Dialect
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
        f"{LABELS[field]} from “{name}”"
        for field, name in zip(asked["fields"], asked["names"], strict=True)
        if field
    ]
    said = [
        ("File", f"{asked['file']}, {Dialect(**asked['dialect'])}"),
        ("Columns", "; ".join(read)),
    ]
    if names := _names(batch):
        said.append(("Products", names))
    return said


def _names(batch: Batch) -> str:
    counts = batch.counts
    if not counts.get("names"):
        return ""
    matched = counts["products"] - counts["products_new"]
    left_out = counts["names"] - counts["products"] - counts["open"]
    parts = (
        (matched, "matched"),
        (counts["products_new"], "to be created"),
        (left_out, "left out"),
        (counts["open"], "to be chosen"),
    )
    return ", ".join(f"{number:,} {what}" for number, what in parts if number)


def figures(batch: Batch) -> list[tuple[str, str]]:
    """What the lines come to, in numbers."""
    counts, money = batch.counts, batch.store.money
    said = [
        ("New", f"{counts['new']:,}"),
        ("In all", money.format(counts["money"])),
    ]
    if counts["returns"]:
        said.append(
            ("Of them returns", f"{counts['returns']:,}, {money.format(counts['returned'])}")
        )
    if counts["skipped"]:
        said.append(("Left out", f"{counts['skipped']:,}, {money.format(counts['skipped_money'])}"))
    for state in (SaleState.KNOWN, SaleState.NAMELESS, SaleState.REFUSED):
        if counts.get(state):
            said.append((str(state.label).capitalize(), f"{counts[state]:,}"))
    for name, label in (
        ("people_new", "New customers"),
        ("people_changed", "Customers renamed or completed"),
        ("products_new", "New products"),
        ("vendors_new", "New vendors"),
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
        ("Taken out", f"{counts.get('taken_out', 0):,}"),
        ("In all", batch.store.money.format(counts.get("taken_out_money", 0))),
    ]


def warnings(batch: Batch) -> list[str]:
    """What an owner ought to know before they import."""
    counts = batch.counts
    if batch.has_ended:
        return []
    said = []
    if counts["open"]:
        said.append(
            f"{_things(counts['open'], 'product')} not matched yet: until then"
            f" {_lines(counts['open_lines'])} left out."
        )
    elif not counts["new"]:
        said.append("Nothing would be added: every line is known already, left out or refused.")
    said += mending.advice(counts, (SaleState.REFUSED, SaleState.NAMELESS))
    return said


def said(batch: Batch) -> str:
    """What was done, for the person who did it."""
    counts, money = batch.counts, batch.store.money
    parts = [f"{_count(counts.get('added', 0), 'sale')} added"]
    if counts.get("added"):
        parts.append(f"{money.format(counts['added_money'])} in all")
    if counts.get("people_made"):
        parts.append(f"{_count(counts['people_made'], 'customer')} made")
    if counts.get(Outcome.LEFT_OUT):
        parts.append(f"{counts[Outcome.LEFT_OUT]:,} left out")
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
        "outcome": str(Outcome(line.outcome).label) if line.outcome else "",
    }


def _becomes(line: SaleRow) -> str:
    """What is made of the product as the file names it."""
    name = line.product_name
    if name is None:
        return ""
    if name.choice == Choice.MATCH and name.product:
        return "" if name.product.name == name.name else str(name.product.name)
    return {Choice.CREATE: "new", Choice.SKIP: "left out", Choice.OPEN: "not matched"}.get(
        Choice(name.choice), ""
    )


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


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _things(number: int, noun: str) -> str:
    return f"{_count(number, noun)} {'is' if number == 1 else 'are'}"


def _lines(number: int) -> str:
    return _things(number, "line")
