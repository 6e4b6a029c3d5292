"""The statements that make a store of staged people and sales: what follows, then the rows.

Staged rows count from 1 in `n`; `%(customer)s` and the like are the numbers before the first key
of each table. Names in braces are what the engines write differently.
"""

PAID = """
SELECT payer, SUM(money), SUM(CASE WHEN day > %(since)s THEN money ELSE 0 END),
    MIN(CASE WHEN quantity > 0 THEN at END), MAX(CASE WHEN quantity > 0 THEN at END)
FROM made_sale GROUP BY payer
"""

HELD = """
SELECT recipient, COUNT(*) FROM (
    SELECT recipient, product FROM made_sale WHERE product > 0 AND removed = 0
    GROUP BY recipient, product HAVING SUM(quantity) > 0
) held GROUP BY recipient
"""

# A grant comes before each sale paid by credit, and is no smaller: no balance is ever overdrawn.
_MOVED = """
SELECT payer AS account, '{balance}' AS balance, at, -{balance} AS delta,
    CASE WHEN quantity > 0 THEN 'purchase' ELSE 'return' END AS kind, '' AS reason, n AS sale
FROM made_sale WHERE {balance} <> 0
UNION ALL
SELECT payer, '{balance}', at - 3600 * (1 + n %% 900), ({balance} + 49) / 50 * 50, 'grant',
    CASE n %% 3 WHEN 0 THEN 'goodwill' WHEN 1 THEN 'prize' ELSE 'gift_card' END, n
FROM made_sale WHERE {balance} > 0
UNION ALL
SELECT n, '{balance}', joined, {opening}, 'opening', '', 0 FROM made_person WHERE {opening} > 0
"""

MOVEMENTS = f"""
SELECT ROW_NUMBER() OVER (ORDER BY at, account, balance, delta DESC, sale),
    account, balance, ROW_NUMBER() OVER chain, delta, SUM(delta) OVER chain, kind, reason, at,
    CASE WHEN kind IN ('purchase', 'return') THEN sale END
FROM (
    {_MOVED.format(balance="credit", opening="opening")}
    UNION ALL
    {_MOVED.format(balance="restricted", opening="opening_restricted")}
    UNION ALL
    SELECT n, 'credit', deducted_at, -deducted, 'deduction', 'correction', 0
    FROM made_person WHERE deducted > 0
) moved
WINDOW chain AS (
    PARTITION BY account, balance ORDER BY at, delta DESC, sale ROWS UNBOUNDED PRECEDING
)
"""  # noqa: S608

BALANCES = """
SELECT account,
    SUM(CASE WHEN balance = 'credit' THEN delta ELSE 0 END),
    SUM(CASE WHEN balance = 'restricted' THEN delta ELSE 0 END),
    SUM(CASE WHEN balance = 'credit' THEN 1 ELSE 0 END),
    SUM(CASE WHEN balance = 'restricted' THEN 1 ELSE 0 END)
FROM made_entry GROUP BY account
"""

CONCLUSIONS = {
    "made_paid": ("spent bigint, spent_year bigint, first_at bigint, last_at bigint", PAID),
    "made_held": ("owns integer", HELD),
    "made_entry": (
        "account integer, balance text, seq integer, delta integer, after bigint, kind text,"
        " reason text, at bigint, sale integer",
        MOVEMENTS,
    ),
    "made_balance": (
        "credit bigint, restricted bigint, credit_seq integer, restricted_seq integer",
        BALANCES,
    ),
}

CUSTOMERS = """
INSERT INTO customers_customer (
    id, store_id, username, name_key, uuid, email, note, picture, discount,
    subscriber, subscriber_source, subscriber_at, group_member, group_confirmed_at, created_at,
    spent, spent_year, owns, first_purchase_at, last_purchase_at
)
SELECT %(customer)s + person.n, %(store)s, username, username, {uuid}, email, '', '', discount,
    subscriber = 1, CASE subscriber WHEN 1 THEN 'in_world' ELSE '' END,
    CASE subscriber WHEN 1 THEN {joined} END, member = 1, CASE member WHEN 1 THEN {joined} END,
    {joined}, COALESCE(spent, 0), COALESCE(spent_year, 0), COALESCE(owns, 0), {first_at}, {last_at}
FROM made_person person
LEFT JOIN made_paid ON made_paid.n = person.n
LEFT JOIN made_held ON made_held.n = person.n
WHERE person.n BETWEEN %(first)s AND %(last)s ORDER BY person.n
"""

ACCOUNTS = """
INSERT INTO customers_creditaccount (
    customer_id, store_id, credit, restricted, credit_seq, restricted_seq, listed
)
SELECT %(customer)s + person.n, %(store)s, COALESCE(credit, 0), COALESCE(restricted, 0),
    COALESCE(credit_seq, 0), COALESCE(restricted_seq, 0), {true}
FROM made_person person LEFT JOIN made_balance ON made_balance.n = person.n
WHERE person.n BETWEEN %(first)s AND %(last)s ORDER BY person.n
"""

TEXTS = """
INSERT INTO customers_searchtext (customer_id, store_id, text)
SELECT %(customer)s + n, %(store)s, text
FROM made_person WHERE n BETWEEN %(first)s AND %(last)s ORDER BY n
"""

# Payer by payer within a chunk the indexes on customers are walked in their order, where there are
# any.
PURCHASES = """
INSERT INTO customers_purchase (
    id, store_id, payer_id, recipient_id, product_id, vendor_id, quantity, at, counts_on, receipt,
    list_price, price, money, credit, restricted, group_member, returns_id, removed_at
)
SELECT %(purchase)s + n, %(store)s, %(customer)s + payer, %(customer)s + recipient,
    %(product)s + NULLIF(product, 0), %(vendor)s + vendor, quantity, {at}, {day}, '',
    list_price, money + credit + restricted, money, credit, restricted, member = 1,
    %(purchase)s + NULLIF(returns, 0), {removed}
FROM made_sale WHERE n BETWEEN %(first)s AND %(last)s ORDER BY {sales_by}
"""

ENTRIES = """
INSERT INTO customers_creditentry (
    id, store_id, account_id, balance, seq, delta, after, kind, reason, note, at, by_id, purchase_id
)
SELECT %(entry)s + n, %(store)s, %(customer)s + account, balance, seq, delta, after, kind, reason,
    '', {at}, CASE WHEN kind IN ('grant', 'deduction') THEN CAST(%(owner)s AS bigint) END,
    %(purchase)s + sale
FROM made_entry WHERE n BETWEEN %(first)s AND %(last)s ORDER BY n
"""

# What is written, in order: the staged table that is gone through, and the statement.
ROWS = (
    ("made_person", CUSTOMERS),
    ("made_person", TEXTS),
    ("made_person", ACCOUNTS),
    ("made_sale", PURCHASES),
    ("made_entry", ENTRIES),
)

# Taken from the sequence at once, so that nobody else takes one of them meanwhile.
RESERVE = """
SELECT setval(name, nextval(name) + %(count)s)
FROM (SELECT CAST(pg_get_serial_sequence(%(table)s, 'id') AS regclass) AS name) found
"""
LAST_KEY = "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %(table)s), 0)"

_MOMENTS = {
    "at": "at",
    "joined": "joined",
    "first_at": "first_at",
    "last_at": "last_at",
    "removed": "NULLIF(removed, 0)",
}
DIALECTS = {
    "postgresql": {
        "uuid": "CAST(NULLIF(uuid, '') AS uuid)",
        "true": "TRUE",
        "day": "DATE '1970-01-01' + day",
        **{name: f"to_timestamp({seconds})" for name, seconds in _MOMENTS.items()},
    },
    "sqlite": {
        "uuid": "NULLIF(REPLACE(uuid, '-', ''), '')",
        "true": "1",
        "day": "date(day * 86400, 'unixepoch')",
        **{name: f"datetime({seconds}, 'unixepoch')" for name, seconds in _MOMENTS.items()},
    },
}
