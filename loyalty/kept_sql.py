"""The statements of bulk changes of kept discounts, alike on both engines.

A row says what its customer kept and shall keep; 0 is nothing. All rows of a chunk are judged and
written together.
"""

# Customers who get less of a ladder that `will` be than of the one that `was`, as far as neither
# their personal discount nor one that they keep makes up for it. That one is looked up: a join
# would read all of them for each chunk.
LOSERS = """
SELECT id, store_id, kept, was FROM (
    SELECT c.id, c.store_id, c.discount, {was} AS was, {will} AS will, COALESCE(
        (SELECT k.discount FROM loyalty_keptdiscount k WHERE k.customer_id = c.id), 0
    ) AS kept
    FROM customers_customer c WHERE c.store_id = %s AND c.id > %s
) got WHERE was > will AND was > discount AND was > kept
ORDER BY id LIMIT %s
"""

_INTO = "INSERT INTO loyalty_keptrow (batch_id, customer_id, store_id, discount_was, discount_to)"

PLAN_KEEPING = f"""{_INTO}
SELECT %s, l.id, l.store_id, l.kept, l.was FROM ({{losers}}) l ORDER BY l.id
"""

PLAN_CLEARING = f"""{_INTO}
SELECT %s, customer_id, store_id, discount, 0 FROM loyalty_keptdiscount
WHERE store_id = %s AND customer_id > %s ORDER BY customer_id LIMIT %s
"""

# What a change did, the other way round.
PLAN_UNDO = f"""{_INTO}
SELECT %s, r.customer_id, r.store_id, r.discount_to, r.discount_was
FROM loyalty_keptrow r JOIN stores_batch b ON b.id = r.batch_id
WHERE r.batch_id = %s AND r.customer_id > %s AND r.customer_id <= b.cursor
    AND r.outcome <> 'left_out'
ORDER BY r.customer_id LIMIT %s
"""

LAST_PLANNED = "SELECT MAX(customer_id) FROM loyalty_keptrow WHERE batch_id = %s"

SPAN = """
SELECT MAX(customer_id), COUNT(*) FROM (
    SELECT customer_id FROM loyalty_keptrow
    WHERE batch_id = %s AND customer_id > %s ORDER BY customer_id LIMIT %s
) chunk
"""

_CHUNK = "r.batch_id = %(batch)s AND r.customer_id > %(after)s AND r.customer_id <= %(upto)s"
# Said of what they keep as well: PostgreSQL does not carry bounds over a join.
_KEPT = "k.customer_id > %(after)s AND k.customer_id <= %(upto)s"

# What the customer of a row keeps now. Looked up: where PostgreSQL has not counted a new batch yet,
# a join of its rows may meet each of them with each.
HELD = (
    "COALESCE((SELECT discount FROM loyalty_keptdiscount k WHERE k.customer_id = r.customer_id), 0)"
)

# Mark the rows whose customer keeps something else than was planned for, and judge them.
DRIFT = f"""
UPDATE loyalty_keptrow AS r SET drifted = TRUE, {{judged}}
WHERE {_CHUNK} AND r.discount_was <> {HELD}
"""

WRITE = f"""
INSERT INTO loyalty_keptdiscount (customer_id, store_id, discount, kept_at)
SELECT r.customer_id, r.store_id, r.discount_to, %(at)s FROM loyalty_keptrow r
WHERE {_CHUNK} AND r.outcome <> 'left_out' AND r.discount_to > 0
ORDER BY r.customer_id
ON CONFLICT (customer_id) DO UPDATE SET discount = excluded.discount, kept_at = excluded.kept_at
"""

CLEAR = f"""
DELETE FROM loyalty_keptdiscount AS k WHERE {_KEPT} AND k.customer_id IN (
    SELECT r.customer_id FROM loyalty_keptrow r
    WHERE {_CHUNK} AND r.outcome <> 'left_out' AND r.discount_to = 0
)
"""
