"""The statements of bulk changes of credit, alike on both engines.

A row asks for a change of each balance of its account. Where a balance would fall below zero it
stops there, or the customer is left out of both; where one would pass the limit, nothing is added
to it. One expression plans a row, judges it again when it is applied, and moves the balance.
"""

from customers.models import BALANCES
from stores.money import LIMIT

STOP = "stop"
LEAVE_OUT = "leave_out"


def becomes(balance: str, policy: str) -> str:
    """What a balance of account `a` becomes by row `r`."""
    wanted = f"(a.{balance} + r.{balance}_asked)"
    if policy == LEAVE_OUT:
        fits = " AND ".join(f"a.{each} + r.{each}_asked BETWEEN 0 AND {LIMIT}" for each in BALANCES)
        return f"CASE WHEN {fits} THEN {wanted} ELSE a.{balance} END"
    return (
        f"CASE WHEN {wanted} > {LIMIT} THEN a.{balance} WHEN {wanted} < 0 THEN 0 ELSE {wanted} END"
    )


def outcome(policy: str) -> str:
    """What comes of a row by its policy: all that was asked for, a part, or nothing."""
    moved = {balance: f"({becomes(balance, policy)}) - a.{balance}" for balance in BALANCES}
    whole = " AND ".join(f"{moved[each]} = r.{each}_asked" for each in BALANCES)
    nothing = " AND ".join(f"{moved[each]} = 0" for each in BALANCES)
    return f"CASE WHEN {whole} THEN '' WHEN {nothing} THEN 'left_out' ELSE 'short' END"


def plan(source: str, policy: str) -> str:
    """Write rows for the accounts `a` of `source`, each with what its `r` asks of the balances."""
    return f"""
INSERT INTO customers_creditrow (
    store_id, batch_id, account_id, credit_asked, credit_was, credit_to,
    restricted_asked, restricted_was, restricted_to, outcome
)
SELECT a.store_id, %s, a.customer_id,
    r.credit_asked, a.credit, {becomes("credit", policy)},
    r.restricted_asked, a.restricted, {becomes("restricted", policy)},
    {outcome(policy)}
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

LOCK = (
    f"SELECT COUNT(*) FROM (SELECT 1 {_FROM_CHUNK} ORDER BY a.customer_id FOR UPDATE OF a) locked"
)


def drift(policy: str) -> str:
    """Mark rows whose account is not as it was when planned, and judge them anew."""
    return f"""
UPDATE customers_creditrow AS r SET drifted = TRUE, outcome = {outcome(policy)}
FROM customers_creditaccount a
WHERE {_CHUNK} AND (a.credit <> r.credit_was OR a.restricted <> r.restricted_was)
"""


def entries(balance: str, policy: str) -> str:
    """Write the entries of one balance, with their origin and, of an undo, what they reverse."""
    after = becomes(balance, policy)
    return f"""
INSERT INTO customers_creditentry (
    store_id, account_id, balance, seq, delta, after, kind, reason, note, at, by_id, reverses_id,
    batch_id
)
SELECT a.store_id, a.customer_id, '{balance}', a.{balance}_seq + 1, {after} - a.{balance}, {after},
    %(kind)s, %(reason)s, %(note)s, %(at)s, %(by)s,
    (
        SELECT e.id FROM customers_creditentry e
        WHERE e.batch_id = %(undoes)s AND e.account_id = r.account_id AND e.balance = '{balance}'
    ),
    r.batch_id
{_FROM_CHUNK} WHERE {after} <> a.{balance}
ORDER BY r.account_id
"""


def move(policy: str) -> str:
    """Bring the accounts to what their entries say; run after `entries`."""
    after = {balance: becomes(balance, policy) for balance in BALANCES}
    sets = ", ".join(
        f"{each} = {after[each]}, {each}_seq = a.{each}_seq"
        f" + CASE WHEN {after[each]} <> a.{each} THEN 1 ELSE 0 END"
        for each in BALANCES
    )
    moves = " OR ".join(f"{after[each]} <> a.{each}" for each in BALANCES)
    return f"""
UPDATE customers_creditaccount AS a SET {sets}
FROM customers_creditrow r
WHERE {_CHUNK} AND ({moves})
"""


MOVED = """
SELECT balance, COUNT(*), SUM(delta) FROM customers_creditentry
WHERE batch_id = %(batch)s AND account_id > %(after)s AND account_id <= %(upto)s GROUP BY balance
"""

TOTALS = f"""
SELECT
    SUM(credit_asked) AS credit_asked, SUM(restricted_asked) AS restricted_asked,
    SUM(credit_to - credit_was) AS credit_moves,
    SUM(restricted_to - restricted_was) AS restricted_moves,
    MIN(CASE WHEN outcome <> 'left_out' THEN credit_to END) AS credit_least,
    MAX(CASE WHEN outcome <> 'left_out' THEN credit_to END) AS credit_most,
    MIN(CASE WHEN outcome <> 'left_out' THEN restricted_to END) AS restricted_least,
    MAX(CASE WHEN outcome <> 'left_out' THEN restricted_to END) AS restricted_most,
    SUM(CASE WHEN outcome = 'short' THEN 1 ELSE 0 END) AS short,
    SUM(CASE WHEN outcome = 'left_out' THEN 1 ELSE 0 END) AS left_out,
    SUM(CASE WHEN credit_was + credit_asked < 0 OR restricted_was + restricted_asked < 0
        THEN 1 ELSE 0 END) AS below_zero,
    SUM(CASE WHEN credit_was + credit_asked > {LIMIT}
        OR restricted_was + restricted_asked > {LIMIT} THEN 1 ELSE 0 END) AS above_limit,
    SUM(CASE WHEN credit_was + credit_asked < 0
        THEN -credit_was - credit_asked ELSE 0 END) AS credit_missing,
    SUM(CASE WHEN restricted_was + restricted_asked < 0
        THEN -restricted_was - restricted_asked ELSE 0 END) AS restricted_missing
FROM customers_creditrow WHERE batch_id = %s
"""
