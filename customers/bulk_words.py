"""What the page of a bulk change of credit says: what was asked, what the plan and the result come
to, and each row.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.models import BALANCES, Balance, CreditEntry, CreditRow, Reason
from stores.batches.kinds import came_of, outcome_cells
from stores.models import Batch
from stores.money import LIMIT
from stores.tables import Row

POLICIES = {
    "stop": gettext_lazy("Take what is there, and stop at zero"),
    "leave_out": gettext_lazy("Leave those customers out"),
}
HEADER = [
    "Username",
    "UUID",
    "Credit before",
    "Credit after",
    "Credit planned",
    "Credit asked",
    "Restricted Credit before",
    "Restricted Credit after",
    "Restricted Credit planned",
    "Restricted Credit asked",
    "Outcome",
    "Changed since the preview",
]


def facts(batch: Batch) -> list[tuple[str, str]]:
    """What was asked for."""
    asked = batch.asked
    if not asked:
        return []
    said = [(_("Customers"), asked["audience"]["words"])]
    if reason := asked["reason"]:
        words = [str(Reason(reason).label), asked["note"]]
        said.append((_("Reason"), ": ".join(word for word in words if word)))
    if min(asked["credit"], asked["restricted"]) < 0:
        said.append((_("Where there is less"), POLICIES[asked["policy"]]))
    return said


def warnings(batch: Batch) -> list[str]:
    """What an owner ought to know before a change of credit is applied."""
    counts = batch.counts
    said = []
    if batch.asked and batch.asked["audience"]["everything"]:
        said.append(everyone(batch.planned))
    if above := counts["above_limit"]:
        text = ngettext(
            "%(number)s customer would pass %(limit)s, the most that a balance holds:"
            " nothing is added.",
            "%(number)s customers would pass %(limit)s, the most that a balance holds:"
            " nothing is added.",
            above,
        )
        said.append(text % {"number": f"{above:,}", "limit": batch.store.money.format(LIMIT)})
    if below := counts["below_zero"]:
        text = _left_out(below) if batch.asked.get("policy") == "leave_out" else _stopped(below)
        said.append(text % {"number": f"{below:,}", "missing": _by_balance(batch, "missing")})
    return said


def _left_out(number: int) -> str:
    return ngettext(
        "%(number)s customer holds less than is taken, %(missing)s in all: they are left out.",
        "%(number)s customers hold less than is taken, %(missing)s in all: they are left out.",
        number,
    )


def _stopped(number: int) -> str:
    return ngettext(
        "%(number)s customer holds less than is taken, %(missing)s in all:"
        " their balance stops at zero.",
        "%(number)s customers hold less than is taken, %(missing)s in all:"
        " their balance stops at zero.",
        number,
    )


def _by_balance(batch: Batch, count: str) -> str:
    """A number of the plan for each balance that has one."""
    amounts = {balance: batch.counts[f"{balance}_{count}"] for balance in Balance}
    format_ = batch.store.money.format
    return _(" and ").join(
        f"{format_(amount)} {balance.label}" for balance, amount in amounts.items() if amount
    )


def everyone(number: int) -> str:
    return _(
        "With no filter set, this update touches every customer in your store (%(number)s)."
    ) % {"number": f"{number:,}"}


def figures(batch: Batch, done: int) -> list[tuple[str, str]]:
    """The numbers of the plan, or of what was done, for `done` customers."""
    counts, money = batch.counts, batch.store.money
    if not batch.has_ended:
        said = [(_("Customers"), f"{batch.planned - counts['left_out']:,}")]
        for balance in _touched(batch):
            said += [
                (
                    _("%(balance)s in all") % {"balance": balance.label},
                    money.format(counts[f"{balance}_moves"] or 0),
                ),
                (_("%(balance)s after") % {"balance": balance.label}, _span(batch, balance)),
            ]
        return said
    said = [(_("Customers"), f"{done:,}")]
    for balance in _touched(batch):
        asked, moved = counts[f"{balance}_asked"], counts.get(f"{balance}_moved", 0)
        label = _("%(balance)s moved") % {"balance": balance.label}
        text = _("%(moved)s of %(asked)s") if moved != asked else "%(moved)s"
        said.append((label, text % {"moved": money.format(moved), "asked": money.format(asked)}))
    return said


def _span(batch: Batch, balance: Balance) -> str:
    """The least and the most that a customer holds afterwards."""
    least, most = batch.counts[f"{balance}_least"], batch.counts[f"{balance}_most"]
    format_ = batch.store.money.format
    return _("%(least)s to %(most)s") % {"least": format_(least), "most": format_(most)}


def _touched(batch: Batch) -> list[Balance]:
    """The balances that the batch moves."""
    if batch.asked:
        return [balance for balance in Balance if batch.asked[balance]]
    return [balance for balance in Balance if batch.counts[f"{balance}_asked"]]


def lines(batch: Batch, keys: list[int]) -> list[Row]:
    """Rows with what was planned and what really moved, in the order of `keys`."""
    rows = CreditRow.objects.select_related("account__customer").in_bulk(keys)
    moved = _moved(batch, [row.account_id for row in rows.values()])
    return [_line(batch, rows[key], moved) for key in keys]


def _moved(batch: Batch, accounts: list[int]) -> dict[tuple[int, str], CreditEntry]:
    entries = CreditEntry.objects.filter(batch=batch, account__in=accounts)
    return {(entry.account_id, entry.balance): entry for entry in entries}


def _line(batch: Batch, row: CreditRow, moved: dict[tuple[int, str], CreditEntry]) -> Row:
    customer = row.account.customer
    customer.store = batch.store
    balances = []
    for balance in BALANCES:
        entry = moved.get((row.account_id, balance))
        was, planned = getattr(row, f"{balance}_was"), getattr(row, f"{balance}_to")
        asked = getattr(row, f"{balance}_asked")
        to: int | None = planned
        if batch.has_ended:
            was, to = (entry.after - entry.delta, entry.after) if entry else (None, None)
        moves = 0 if to is None else to - was
        balances.append(
            {
                "was": was,
                "to": to,
                "planned": planned,
                "asked": asked,
                "fell_short": moves != asked,
            }
        )
    return {
        "customer": customer,
        "credit": balances[0],
        "restricted": balances[1],
        **came_of(row),
    }


def cells(batch: Batch, line: Row) -> list[Any]:
    """A line as it stands in a file: amounts without signs of currency."""
    number = batch.store.money.number
    customer = line["customer"]
    amounts: list[Any] = []
    for balance in BALANCES:
        values = line[balance]
        amounts += [
            "" if values[name] is None else number(values[name])
            for name in ("was", "to", "planned", "asked")
        ]
    return [
        customer.username,
        str(customer.uuid or ""),
        *amounts,
        *outcome_cells(line),
    ]
