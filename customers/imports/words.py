"""What the page of an import says: what the file comes to, what was done, and each line."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.imports.headers import LABELS, NAMES
from customers.imports.judging import MODES
from customers.models import BALANCES, WRITTEN, Balance, CustomerLine, LineState
from stores import mending
from stores.batches.kinds import came_of
from stores.cells import excerpt
from stores.models import Batch, Outcome
from stores.sheet_dialects import Dialect
from stores.tables import Row

HEADER = ["Line", "State", "Customer", "Changes", "Column", "Why", "Outcome"]
FLAGS = {
    True: gettext_lazy("yes"),
    False: gettext_lazy("no"),
    None: gettext_lazy("none"),
    "": gettext_lazy("none"),
}
SUBSCRIPTIONS = {
    "subscribed": gettext_lazy("Subscribed"),
    "unsubscribed": gettext_lazy("Unsubscribed"),
}


def facts(batch: Batch) -> list[tuple[str, str]]:
    """How the file was read."""
    asked = batch.asked
    if not asked:
        return []
    read = [
        _("%(field)s from “%(name)s”") % {"field": LABELS[field], "name": name}
        for field, name in zip(asked["fields"], asked["names"], strict=True)
        if field
    ]
    return [
        (_("File"), f"{asked['file']}, {Dialect(**asked['dialect'])}"),
        (_("Columns"), "; ".join(read)),
        (_("Known customers"), str(MODES[asked["mode"]])),
    ]


def figures(batch: Batch) -> list[tuple[str, str]]:
    """What the lines come to, in numbers."""
    counts, money = batch.counts, batch.store.money
    said = [
        (str(state.label).capitalize(), f"{counts.get(state, 0):,}")
        for state in LineState
        if counts.get(state) or state in WRITTEN
    ]
    for balance in Balance:
        before, after = (counts.get(f"{balance}_{when}", 0) for when in ("before", "after"))
        if before != after:
            said.append((str(balance.label), f"{money.format(before)} → {money.format(after)}"))
    for name, label in SUBSCRIPTIONS.items():
        if counts.get(name):
            said.append((str(label), f"{counts[name]:,}"))
    return said


def warnings(batch: Batch) -> list[str]:
    """What an owner ought to know before they import."""
    counts = batch.counts
    if batch.has_ended:
        return []
    said = []
    if not any(counts.get(state) for state in WRITTEN):
        said.append(_("Nothing would change: every line is as the store has it, or is refused."))
    said += mending.advice(counts, (LineState.REFUSED, LineState.CONFLICT))
    if number := counts.get("unsubscribed"):
        text = ngettext(
            "%(number)s customer would be unsubscribed from the news.",
            "%(number)s customers would be unsubscribed from the news.",
            number,
        )
        said.append(text % {"number": f"{number:,}"})
    if number := counts.get("unclear"):
        text = ngettext(
            "%(number)s cell for News Subscriber is neither yes nor no; it counts as no.",
            "%(number)s cells for News Subscriber are neither yes nor no; they count as no.",
            number,
        )
        said.append(text % {"number": f"{number:,}"})
    return said


def said(batch: Batch) -> str:
    """What was done, for the person who did it."""
    parts = [f"{batch.counts.get(state, 0):,} {state.label}" for state in WRITTEN]
    for outcome, text in (
        (Outcome.SHORT, _("%(number)s of them in part")),
        (Outcome.LEFT_OUT, _("%(number)s of them left out")),
    ):
        if batch.counts.get(outcome):
            parts.append(text % {"number": f"{batch.counts[outcome]:,}"})
    return f"{batch.title}: {', '.join(parts)}."


def lines(batch: Batch, keys: list[int]) -> list[Row]:
    """Lines with what they change, in the order of `keys`."""
    rows = CustomerLine.objects.select_related("customer").in_bulk(keys)
    return [_line(batch, rows[key]) for key in keys]


def _line(batch: Batch, line: CustomerLine) -> Row:
    if line.customer:
        line.customer.store = batch.store
    return {
        "line": line,
        "who": line.username,
        "value": excerpt(mending.value_of(batch.asked, line)),
        "changes": [*_fields(line), *_balances(batch, line)],
        **came_of(line),
    }


def _fields(line: CustomerLine) -> list[tuple[str, str, str]]:
    """Each field with what it was and what it shall be."""
    is_new = line.state == LineState.NEW
    return [
        (str(LABELS[name]), "" if is_new else _word(name, was), _word(name, to))
        for name, (was, to) in line.changes.items()
        if name in LABELS
    ]


def _balances(batch: Batch, line: CustomerLine) -> list[tuple[str, str, str]]:
    money = batch.store.money
    moves = []
    for balance in BALANCES:
        asked, was = (getattr(line, f"{balance}_{part}") for part in ("asked", "was"))
        if asked:
            before = "" if line.state == LineState.NEW else money.format(was)
            moves.append((str(Balance(balance).label), before, money.format(was + asked)))
    return moves


def _word(name: str, value: Any) -> str:
    if name == "discount":
        return f"{value} %"
    if isinstance(value, bool) or value in (None, ""):
        return str(FLAGS[value])
    return str(value)


def header(batch: Batch, *, to_mend: bool) -> list[str]:
    """The header of lines in a file; of lines that were not taken that of their own file, so that
    it can be mended and sent again.
    """
    return mending.header(batch.asked, NAMES) if to_mend and batch.asked else HEADER


def cells(batch: Batch, line: Row) -> list[Any]:
    """A line as it stands in a file: one that was not taken as it came, behind what is wrong."""
    row: CustomerLine = line["line"]
    if row.cells is not None:
        return mending.line(batch.asked, row)
    changes = "; ".join(f"{name}: {was} → {to}" for name, was, to in line["changes"])
    state = str(LineState(row.state).label)
    return [row.line, state, line["who"], changes, row.column, row.reason, line["outcome"]]
