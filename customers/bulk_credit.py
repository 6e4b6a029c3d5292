"""Bulk changes of credit, and their undo: what is asked of whom, planned and applied in chunks."""

from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext_lazy

from customers import bulk_sql as sql
from customers import bulk_words as words
from customers.audience import Audience
from customers.models import BALANCES, Balance, CreditAccount, CreditRow, Customer, Kind
from stores import batches
from stores.batches import BatchKind, Step
from stores.batches.kinds import CHUNK
from stores.models import Batch, Store, User
from stores.rights import Right
from stores.tables import Row

STOP = sql.STOP
LEAVE_OUT = sql.LEAVE_OUT


def draft(
    *,
    audience: Audience,
    credit: int,
    restricted: int,
    by: User,
    policy: str = STOP,
    reason: str = "",
    note: str = "",
) -> Batch:
    """Plan to add `credit` and `restricted` for each of the audience, or to take, below zero.

    Raises ValueError if both are zero, BatchRefused for a filter that cannot be read.
    """
    if not credit and not restricted:
        raise ValueError("a bulk change changes something")
    return batches.draft(
        store=audience.store,
        kind=CREDIT_CHANGE,
        title=title(audience.store, credit, restricted),
        asked={
            "audience": audience.as_asked(),
            "credit": credit,
            "restricted": restricted,
            "policy": policy,
            "reason": reason,
            "note": note,
        },
        by=by,
        targets=audience.count(),
    )


def title(store: Store, credit: int, restricted: int) -> str:
    """What a change does, in a few words."""
    amounts = ((Balance.CREDIT, credit), (Balance.RESTRICTED, restricted))
    return ", ".join(
        f"{balance.label} {signed(store, amount)}" for balance, amount in amounts if amount
    )


def signed(store: Store, amount: int) -> str:
    return f"{'+' if amount > 0 else ''}{store.money.format(amount)}"


class CreditWork(BatchKind):
    """What the change and its undo share: rows over accounts, and how they are applied."""

    noun = npgettext_lazy("counted", "customer", "customers")
    right = Right.MOVE_CREDIT
    rows = CreditRow
    target = "account"
    row_template = "customers/bulk_rows.html"
    header = words.HEADER
    entry_kind: Kind

    def asked_by(self, batch: Batch) -> dict[str, Any]:
        """What was asked of the change that the batch makes or takes back."""
        raise TypeError(f"{type(self).__name__} does not know what was asked")

    def change(self, batch: Batch) -> sql.Change:
        """What its statements are made for. An undo stops at zero."""
        asked = self.asked_by(batch)
        balances = [balance for balance in BALANCES if asked[balance]]
        return sql.Change(balances, batch.asked.get("policy", STOP))

    def plan(self, batch: Batch) -> Step:
        change, after = self.change(batch), batch.cursor
        while (upto := self.upto(batch, after)) is not None:
            source, params = self.asked(batch, after, upto)
            with connection.cursor() as cursor:
                cursor.execute(sql.plan(source, change), [batch.pk, *params])
                if cursor.rowcount:
                    return Step(cursor=upto, rows=cursor.rowcount)
            # All of them have dropped out since the span was found.
            after = upto
        return Step(cursor=batch.cursor, rows=0)

    def apply(self, batch: Batch) -> Step:
        """Locks the accounts of the chunk by key; notes who drifted, writes the entries, moves the
        balances.
        """
        change = self.change(batch)
        with connection.cursor() as cursor:
            cursor.execute(sql.SPAN, [batch.pk, batch.cursor, CHUNK])
            upper, rows = cursor.fetchone()
            if not rows:
                return Step(cursor=batch.cursor, rows=0)
            span = {"batch": batch.pk, "after": batch.cursor, "upto": upper}
            cursor.execute(sql.meet(change, lock=connection.features.has_select_for_update), span)
            drifted, *met = map(int, cursor.fetchone())
            # Dated only now: whoever held a lock has dated their entries meanwhile.
            origin = self._origin(batch)
            if drifted:
                cursor.execute(sql.drift(change), span)
            counts = _counts(change, met)
            for balance in change.balances:
                if counts[f"{balance}_entries"]:
                    cursor.execute(sql.entries(balance, change), span | origin)
            cursor.execute(sql.move(change), span)
        return Step(cursor=upper, rows=rows, counts=counts)

    def totals(self, batch: Batch) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql.totals(self.change(batch)), [batch.pk])
            names = [column[0] for column in cursor.description]
            values = (int(value or 0) for value in cursor.fetchone())
            return dict(zip(names, values, strict=True))

    def facts(self, batch: Batch) -> list[tuple[str, str]]:
        return words.facts(batch)

    def warnings(self, batch: Batch) -> list[str]:
        return [] if batch.has_ended else words.warnings(batch)

    def figures(self, batch: Batch) -> list[tuple[str, str]]:
        return words.figures(batch, self.number_done(batch))

    def lines(self, batch: Batch, keys: list[int]) -> list[Row]:
        return words.lines(batch, keys)

    def cells(self, batch: Batch, line: Row) -> list[Any]:
        return words.cells(batch, line)

    def upto(self, batch: Batch, after: int) -> int | None:
        """The last key of the next chunk to be planned; None where nobody is left."""
        raise TypeError(f"{type(self).__name__} does not know for whom it is")

    def asked(self, batch: Batch, after: int, upto: int) -> tuple[str, list[Any]]:
        """The accounts of a span and what is asked of them, as the source of a plan."""
        raise TypeError(f"{type(self).__name__} does not know what it asks")

    def _origin(self, batch: Batch) -> dict[str, Any]:
        """What the entries say of themselves."""
        return {
            "kind": self.entry_kind.value,
            "reason": batch.asked.get("reason", ""),
            "note": batch.asked.get("note", ""),
            "at": connection.ops.adapt_datetimefield_value(timezone.now()),
            "by": batch.by_id,
            "undoes": batch.undoes_id,
        }


class CreditChange(CreditWork):
    """The same change for each of an audience."""

    name = "credit"
    undo_kind = "credit.undo"
    can_do_again = True
    entry_kind = Kind.BULK

    def again(self, batch: Batch, by: User) -> Batch:
        names = ("credit", "restricted", "policy", "reason", "note")
        audience = Audience.of(batch.store, batch.asked["audience"])
        return draft(audience=audience, by=by, **{name: batch.asked[name] for name in names})

    def asked_by(self, batch: Batch) -> dict[str, Any]:
        return batch.asked

    def upto(self, batch: Batch, after: int) -> int | None:
        whole = self._narrowed(batch)
        rows: QuerySet[Any] = _listed(batch.store) if whole is None else whole
        chunk = rows.filter(pk__gt=after).order_by("pk")[:CHUNK]
        last: int | None = chunk.aggregate(last=Max("pk"))["last"]
        return last

    def asked(self, batch: Batch, after: int, upto: int) -> tuple[str, list[Any]]:
        span = {"pk__gt": after, "pk__lte": upto}
        accounts, narrowed = _listed(batch.store).filter(**span), self._narrowed(batch)
        if narrowed is not None:
            accounts = accounts.filter(pk__in=narrowed.filter(**span).values("pk"))
        columns = accounts.values("store_id", "customer_id", *BALANCES)
        chosen, params = columns.query.sql_with_params()
        return sql.same_for(chosen), [*params, *(batch.asked[each] for each in BALANCES)]

    def _narrowed(self, batch: Batch) -> QuerySet[Customer] | None:
        """The customers it is for; None for everyone, whom the accounts tell at less cost."""
        audience = batch.asked["audience"]
        return None if audience["everything"] else Audience.of(batch.store, audience).rows()


class CreditUndo(CreditWork):
    """Gives back what a change really moved, as far as it is still there."""

    name = "credit.undo"
    done = _("Given back")
    short = _("In part: the rest is spent")
    left_out = _("Impossible")
    drifted = _("Changed meanwhile")
    entry_kind = Kind.REVERSAL

    def asked_by(self, batch: Batch) -> dict[str, Any]:
        assert batch.undoes is not None  # noqa: S101  for the types
        return batch.undoes.asked

    def upto(self, batch: Batch, after: int) -> int | None:
        with connection.cursor() as cursor:
            cursor.execute(sql.SPAN_BACK, [batch.undoes_id, after, CHUNK])
            (last,) = cursor.fetchone()
        return last

    def asked(self, batch: Batch, after: int, upto: int) -> tuple[str, list[Any]]:
        return sql.ASKED_BACK, [batch.undoes_id, after, upto, after, upto]


def _listed(store: Store) -> QuerySet[CreditAccount]:
    return CreditAccount.objects.filter(store=store, listed=True)


def _counts(change: sql.Change, met: list[int]) -> dict[str, int]:
    """Entries and sums of a chunk, to be added up over the batch."""
    names = [f"{balance}_{what}" for balance in change.balances for what in ("entries", "moved")]
    return dict(zip(names, met, strict=True))


CREDIT_CHANGE = CreditChange()
CREDIT_UNDO = CreditUndo()
