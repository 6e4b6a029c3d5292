"""What the page of a bulk change of credit says: what was asked, what the plan and the result come
to, and each row.
"""

from typing import Any

from customers.models import BALANCES, Balance, CreditEntry, CreditRow, Reason
from stores.models import Batch, Outcome
from stores.money import LIMIT
from stores.tables import Row

POLICIES = {
    "stop": "Take what is there, and stop at zero",
    "leave_out": "Leave those customers out",
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
    said = [("Customers", asked["audience"]["words"])]
    if reason := asked["reason"]:
        words = [str(Reason(reason).label), asked["note"]]
        said.append(("Reason", ": ".join(word for word in words if word)))
    if min(asked["credit"], asked["restricted"]) < 0:
        said.append(("Where there is less", POLICIES[asked["policy"]]))
    return said


def warnings(batch: Batch) -> list[str]:
    """What an owner ought to know before a change of credit is applied."""
    counts = batch.counts
    said = []
    if batch.asked and batch.asked["audience"]["everything"]:
        said.append(everyone(batch.planned))
    if above := counts["above_limit"]:
        who = "1 customer" if above == 1 else f"{above:,} customers"
        limit = batch.store.money.format(LIMIT)
        said.append(f"{who} would pass {limit}, the most that a balance holds: nothing is added.")
    if below := counts["below_zero"]:
        missing = _by_balance(batch, "missing")
        who = "1 customer holds" if below == 1 else f"{below:,} customers hold"
        end = (
            "they are left out."
            if batch.asked.get("policy") == "leave_out"
            else "their balance stops at zero."
        )
        said.append(f"{who} less than is taken, {missing} in all: {end}")
    return said


def _by_balance(batch: Batch, count: str) -> str:
    """A number of the plan for each balance that has one."""
    amounts = {balance: batch.counts[f"{balance}_{count}"] for balance in Balance}
    format_ = batch.store.money.format
    return " and ".join(
        f"{format_(amount)} {balance.label}" for balance, amount in amounts.items() if amount
    )


def everyone(number: int) -> str:
    return f"With no filter set, this update touches every customer in your store ({number:,})."


def figures(batch: Batch, done: int) -> list[tuple[str, str]]:
    """The numbers of the plan, or of what was done, for `done` customers."""
    counts, money = batch.counts, batch.store.money
    if not batch.has_ended:
        said = [("Customers", f"{batch.planned - counts['left_out']:,}")]
        for balance in _touched(batch):
            said += [
                (f"{balance.label} in all", money.format(counts[f"{balance}_moves"] or 0)),
                (
                    f"{balance.label} after",
                    f"{money.format(counts[f'{balance}_least'])}"
                    f" to {money.format(counts[f'{balance}_most'])}",
                ),
            ]
        return said
    said = [("Customers", f"{done:,}")]
    for balance in _touched(batch):
        asked, moved = counts[f"{balance}_asked"], counts.get(f"{balance}_moved", 0)
        of = "" if moved == asked else f" of {money.format(asked)}"
        said.append((f"{balance.label} moved", f"{money.format(moved)}{of}"))
    return said


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
        "outcome": str(Outcome(row.outcome).label) if row.outcome else "",
        "drifted": row.drifted,
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
        line["outcome"] or "as asked",
        "yes" if line["drifted"] else "",
    ]
