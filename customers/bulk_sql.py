"""The statements of bulk changes of credit, alike on both engines.

A row asks for a change of each balance of its account. Where a balance would fall below zero it
stops there, or the customer is left out of both; where one would pass the limit, nothing is added
to it. One expression plans a row, judges it again when it is applied, and moves the balance.
"""

from collections.abc import Sequence
from typing import NamedTuple

from customers.models import BALANCES
from stores.money import LIMIT

STOP = "stop"
LEAVE_OUT = "leave_out"


class Change(NamedTuple):
    """The balances that a batch asks to change, and what it does where there is too little. What is
    not asked for is not written either: it would cost its index.
    """

    balances: Sequence[str]
    policy: str = STOP

    def becomes(self, balance: str) -> str:
        """What a balance of account `a` becomes by row `r`."""
        if balance not in self.balances:
            return f"a.{balance}"
        wanted = f"(a.{balance} + r.{balance}_asked)"
        if self.policy == LEAVE_OUT:
            fits = " AND ".join(
                f"a.{each} + r.{each}_asked BETWEEN 0 AND {LIMIT}" for each in self.balances
            )
            return f"CASE WHEN {fits} THEN {wanted} ELSE a.{balance} END"
        return (
            f"CASE WHEN {wanted} > {LIMIT} THEN a.{balance}"
            f" WHEN {wanted} < 0 THEN 0 ELSE {wanted} END"
        )

    def moved(self, balance: str) -> str:
        """By how much it moves."""
        return f"({self.becomes(balance)}) - a.{balance}"

    def moves(self, balance: str) -> str:
        """Whether it moves."""
        return f"{self.moved(balance)} <> 0"

    @property
    def outcome(self) -> str:
        """What comes of a row: all that was asked for, a part, or nothing."""
        whole = " AND ".join(f"{self.moved(each)} = r.{each}_asked" for each in self.balances)
        nothing = " AND ".join(f"{self.moved(each)} = 0" for each in self.balances)
        return f"CASE WHEN {whole} THEN '' WHEN {nothing} THEN 'left_out' ELSE 'short' END"


def plan(source: str, change: Change) -> str:
    """Write rows for the accounts `a` of `source`, each with what its `r` asks of the balances."""
    return f"""
INSERT INTO customers_creditrow (
    store_id, batch_id, account_id, credit_asked, credit_was, credit_to,
    restricted_asked, restricted_was, restricted_to, outcome
)
SELECT a.store_id, %s, a.customer_id,
    r.credit_asked, a.credit, {change.becomes("credit")},
    r.restricted_asked, a.restricted, {change.becomes("restricted")},
    {change.outcome}
FROM {source} ORDER BY a.customer_id
"""


def same_for(accounts: str) -> str:
    """The same change asked of each of the accounts that are selected."""
    asked = ", ".join(f"CAST(%s AS BIGINT) AS {balance}_asked" for balance in BALANCES)
    return f"({accounts}) a CROSS JOIN (SELECT {asked}) r"


# What a change moved, asked back of the accounts of a span.
ASKED_BACK = """
customers_creditaccount a JOIN (
    SELECT account_id,
        -SUM(CASE WHEN balance = 'credit' THEN delta ELSE 0 END) AS credit_asked,
        -SUM(CASE WHEN balance = 'restricted' THEN delta ELSE 0 END) AS restricted_asked
    FROM customers_creditentry WHERE batch_id = %s AND account_id > %s AND account_id <= %s
    GROUP BY account_id
) r ON a.customer_id = r.account_id AND a.customer_id > %s AND a.customer_id <= %s
"""

SPAN_BACK = """
SELECT MAX(account_id) FROM (
    SELECT DISTINCT account_id FROM customers_creditentry
    WHERE batch_id = %s AND account_id > %s ORDER BY account_id LIMIT %s
) chunk
"""

SPAN = """
SELECT MAX(account_id), COUNT(*) FROM (
    SELECT account_id FROM customers_creditrow
    WHERE batch_id = %s AND account_id > %s ORDER BY account_id LIMIT %s
) chunk
"""

# The rows of a chunk and their accounts. Here as above bounds are said of both: PostgreSQL does not
# carry them over a join, and would read all accounts for each chunk.
_CHUNK = """
r.batch_id = %(batch)s AND r.account_id > %(after)s AND r.account_id <= %(upto)s
    AND a.customer_id = r.account_id AND a.customer_id > %(after)s AND a.customer_id <= %(upto)s
"""
_FROM_CHUNK = f"FROM customers_creditrow r JOIN customers_creditaccount a ON {_CHUNK}"
_DRIFTED = "(a.credit <> r.credit_was OR a.restricted <> r.restricted_was)"

LOCK = "FOR UPDATE OF a"


def meet(change: Change, *, lock: bool) -> str:
    """How many accounts are not as they were when planned; and of each balance that is asked for,
    how many will move, and by how much in all. With locks on the accounts, taken in the order of
    their keys.
    """
    moves = ", ".join(f"{change.moved(each)} AS {each}" for each in change.balances)
    sums = ", ".join(
        f"SUM(CASE WHEN {each} <> 0 THEN 1 ELSE 0 END), SUM({each})" for each in change.balances
    )
    return f"""
SELECT SUM(drifted), {sums} FROM (
    SELECT CASE WHEN {_DRIFTED} THEN 1 ELSE 0 END AS drifted, {moves}
    {_FROM_CHUNK} ORDER BY a.customer_id {LOCK if lock else ""}
) met
"""


def drift(change: Change) -> str:
    """Mark rows whose account is not as it was when planned, and judge them anew."""
    return f"""
UPDATE customers_creditrow AS r SET drifted = TRUE, outcome = {change.outcome}
FROM customers_creditaccount a
WHERE {_CHUNK} AND {_DRIFTED}
"""


def entries(balance: str, change: Change) -> str:
    """Write the entries of one balance, with their origin and, of an undo, what they reverse."""
    delta, after = change.moved(balance), change.becomes(balance)
    return f"""
INSERT INTO customers_creditentry (
    store_id, account_id, balance, seq, delta, after, kind, reason, note, at, by_id, reverses_id,
    batch_id
)
SELECT a.store_id, a.customer_id, '{balance}', a.{balance}_seq + 1, {delta}, {after},
    %(kind)s, %(reason)s, %(note)s, %(at)s, %(by)s,
    (
        SELECT e.id FROM customers_creditentry e
        WHERE e.batch_id = %(undoes)s AND e.account_id = r.account_id AND e.balance = '{balance}'
    ),
    r.batch_id
{_FROM_CHUNK} WHERE {change.moves(balance)}
ORDER BY r.account_id
"""


def move(change: Change) -> str:
    """Bring the accounts to what their entries say; run after `entries`."""
    sets = ", ".join(
        f"{each} = {change.becomes(each)}, {each}_seq = a.{each}_seq"
        f" + CASE WHEN {change.moves(each)} THEN 1 ELSE 0 END"
        for each in change.balances
    )
    moves = " OR ".join(map(change.moves, change.balances))
    return f"""
UPDATE customers_creditaccount AS a SET {sets}
FROM customers_creditrow r
WHERE {_CHUNK} AND ({moves})
"""


def totals(change: Change) -> str:
    """What the rows of a batch add up to."""
    asked = change.balances
    below = " OR ".join(f"{each}_was + {each}_asked < 0" for each in asked)
    above = " OR ".join(f"{each}_was + {each}_asked > {LIMIT}" for each in asked)
    sums = ", ".join(_sums(each) if each in asked else _no_sums(each) for each in BALANCES)
    return f"""
SELECT {sums},
    SUM(CASE WHEN outcome = 'short' THEN 1 ELSE 0 END) AS short,
    SUM(CASE WHEN outcome = 'left_out' THEN 1 ELSE 0 END) AS left_out,
    SUM(CASE WHEN {below} THEN 1 ELSE 0 END) AS below_zero,
    SUM(CASE WHEN {above} THEN 1 ELSE 0 END) AS above_limit
FROM customers_creditrow WHERE batch_id = %s
"""


def _sums(balance: str) -> str:
    after = f"CASE WHEN outcome <> 'left_out' THEN {balance}_to END"
    short = f"{balance}_was + {balance}_asked"
    return f"""
    SUM({balance}_asked) AS {balance}_asked, SUM({balance}_to - {balance}_was) AS {balance}_moves,
    MIN({after}) AS {balance}_least, MAX({after}) AS {balance}_most,
    SUM(CASE WHEN {short} < 0 THEN -({short}) ELSE 0 END) AS {balance}_missing"""


def _no_sums(balance: str) -> str:
    return ", ".join(f"0 AS {balance}_{what}" for what in ("asked", "moves", "missing"))
