"""Writing down what each line of a file comes to: nothing else is written."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from customers.imports import headers
from customers.imports.judging import PLAIN_FIELDS, Present, Rules, Verdict, Who, judge
from customers.imports.lines import Line
from customers.models import CreditAccount, Customer, CustomerLine, LineState, OldName
from customers.models.customer import Consent
from customers.names import BadName, name_key, normalise
from customers.profiles_many import Profile, holders, old_names, read_profiles
from stores.bulk import insert, pick
from stores.mending import kept_cells
from stores.models import Batch
from stores.sheet_lines import BadLine
from stores.sheets import Row

FIELDS = (
    "store",
    "batch",
    "line",
    "state",
    "customer",
    "username",
    "name_key",
    "uuid",
    "changes",
    "credit_asked",
    "credit_was",
    "restricted_asked",
    "restricted_was",
    "cells",
    "column",
    "reason",
)


class Named(NamedTuple):
    """A line with its name as the store writes it."""

    row: Row
    line: Line
    username: str
    name_key: str


class Former(NamedTuple):
    """Who had a name before."""

    customer: int
    username: str


class Stager:
    """Judges the lines of one chunk and writes them down, within the caller's transaction."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.rules = Rules.of(batch.asked)
        self.headers = _headers(batch)
        self.staged: list[tuple[Any, ...]] = []
        self.counts: Counter[str] = Counter()

    def stage(self, read: Sequence[tuple[Row, Line | BadLine]]) -> Counter[str]:
        """Numbers that add up over the file."""
        named = [one for row, line in read if (one := self._name(row, line))]
        people = _People(self.batch, named)
        for one in named:
            self._judge(one, people)
        self.staged.sort(key=lambda values: values[2])
        insert(CustomerLine, FIELDS, self.staged)
        return self.counts

    def _name(self, row: Row, line: Line | BadLine) -> Named | None:
        if isinstance(line, BadLine):
            self._refuse(row, Verdict(LineState.REFUSED, reason=line.reason), line.column)
            return None
        try:
            username = normalise(line.name, self.batch.store.name_rule) if line.name else ""
        except BadName as bad:
            self._refuse(row, Verdict(LineState.REFUSED, field="username", reason=str(bad)))
            return None
        return Named(row, line, username, name_key(username))

    def _judge(self, one: Named, people: "_People") -> None:
        who = people.who(one)
        verdict = judge(one.line, who, self.rules)
        if verdict.state in (LineState.CONFLICT, LineState.REFUSED):
            return self._refuse(one.row, verdict)
        if twin := people.twin(one, verdict):
            return self._refuse(one.row, Verdict(LineState.REFUSED, reason=_twice(twin)))
        if verdict.state == LineState.NEW and (former := people.former.get(one.name_key)):
            reason = _("%(name)s had this name before") % {"name": former.username}
            if twin := people.lines.get(former.customer, 0):
                reason = f"{reason}; {_twice(twin)}"
                return self._refuse(one.row, Verdict(LineState.REFUSED, reason=reason))
            verdict = verdict._replace(reason=reason)
        people.remember(one, verdict)
        return self._write(one, verdict, who)

    def _write(self, one: Named, verdict: Verdict, who: Who) -> None:
        takes_name = verdict.state == LineState.NEW or "username" in verdict.changes
        takes_uuid = verdict.state == LineState.NEW or "uuid" in verdict.changes
        known = who.holder or who.namesake
        self._put(
            one.line.line,
            verdict,
            username=known.username if known else one.username,
            key=one.name_key if takes_name else "",
            uuid=one.line.uuid if takes_uuid else None,
        )
        self._count(one.line, verdict)

    def _refuse(self, row: Row, verdict: Verdict, column: str = "") -> None:
        """Keep the cells, so that the line can be mended and sent again."""
        column = column or self.headers.get(verdict.field, "")
        self._put(row.line, verdict, cells=kept_cells(row.cells), column=column[:120])
        self.counts[verdict.state] += 1

    def _put(
        self,
        line: int,
        verdict: Verdict,
        *,
        username: str = "",
        key: str = "",
        uuid: UUID | None = None,
        cells: list[str] | None = None,
        column: str = "",
    ) -> None:
        self.staged.append(
            (
                self.batch.store_id,
                self.batch.pk,
                line,
                str(verdict.state),
                verdict.customer,
                username,
                key,
                _uuid(uuid),
                json.dumps(verdict.changes),
                verdict.credit,
                verdict.credit_was,
                verdict.restricted,
                verdict.restricted_was,
                None if cells is None else json.dumps(cells),
                column,
                verdict.reason[:300],
            )
        )

    def _count(self, line: Line, verdict: Verdict) -> None:
        counts = self.counts
        counts[verdict.state] += 1
        counts["unclear"] += line.unclear
        if verdict.state == LineState.SKIPPED:
            return
        for balance in ("credit", "restricted"):
            was = getattr(verdict, f"{balance}_was")
            counts[f"{balance}_before"] += was
            counts[f"{balance}_after"] += was + getattr(verdict, balance)
        if "subscriber" in verdict.changes:
            counts["subscribed" if verdict.changes["subscriber"][1] else "unsubscribed"] += 1


class _People:
    """The customers that the lines of a chunk may mean, and where they stood in the file before."""

    def __init__(self, batch: Batch, named: Sequence[Named]) -> None:
        self.batch = batch
        names = list({one.name_key for one in named if one.name_key})
        uuids = list({one.line.uuid for one in named if one.line.uuid})
        present = _load(batch, names, uuids)
        self.by_key = {name_key(one.username): one for one in present}
        self.by_uuid = {one.uuid: one for one in present if one.uuid}
        new = [one.username for one in named if one.name_key not in self.by_key]
        self.former = _former(batch, new)
        keys = {one.pk for one in present} | {one.customer for one in self.former.values()}
        self.lines = _earlier(batch, names, uuids, list(keys))

    def who(self, one: Named) -> Who:
        namesake = self.by_key.get(one.name_key) if one.name_key else None
        holder = self.by_uuid.get(one.line.uuid) if one.line.uuid else None
        return Who(one.username, one.name_key, namesake, holder)

    def twin(self, one: Named, verdict: Verdict) -> int:
        """The earlier line of the file that means the same customer, or 0."""
        return next((self.lines[key] for key in _marks(one, verdict) if key in self.lines), 0)

    def remember(self, one: Named, verdict: Verdict) -> None:
        for key in _marks(one, verdict):
            self.lines[key] = one.line.line


def _twice(line: int) -> str:
    return _("the same customer stands on line %(line)s already") % {"line": line}


def _headers(batch: Batch) -> dict[str, str]:
    """The header of each field, for what is refused."""
    named = zip(batch.asked["fields"], batch.asked["names"], strict=True)
    found = {field: name for field, name in named if field}
    return {headers.CREDIT: found.get(headers.GIFT_CARDS, ""), **found}


def _marks(one: Named, verdict: Verdict) -> list[Any]:
    """What makes two lines mean the same customer."""
    if verdict.customer is not None:
        taken = [one.name_key] if "username" in verdict.changes else []
        return [verdict.customer, *taken, *([one.line.uuid] if "uuid" in verdict.changes else [])]
    return [one.name_key, *([one.line.uuid] if one.line.uuid else [])]


def _earlier(batch: Batch, names: list[str], uuids: list[UUID], keys: list[int]) -> dict[Any, int]:
    """The earlier lines of the file by name key, uuid and customer."""
    if not batch.cursor:
        return {}
    by_uuid = {_uuid(uuid): uuid for uuid in uuids}
    found: dict[Any, int] = {}
    for field, values in (("name_key", names), ("uuid", list(by_uuid)), ("customer", keys)):
        for value, line, state in pick(
            CustomerLine, (field, "line", "state"), field=field, values=values, batch=batch
        ):
            if state not in (LineState.REFUSED, LineState.CONFLICT):
                found[by_uuid[value] if field == "uuid" else value] = line
    return found


def _load(batch: Batch, names: list[str], uuids: list[UUID]) -> list[Present]:
    keys = list(set(holders(batch.store, names=names, uuids=uuids).values()))
    fields = ("customer", "credit", "restricted")
    accounts = pick(CreditAccount, fields, field="customer", values=keys)
    balances = {key: (credit, restricted) for key, credit, restricted in accounts}
    had = old_names(keys)
    return [
        _present(one, *balances[key], had.get(key, ())) for key, one in read_profiles(keys).items()
    ]


def _present(one: Profile, credit: int, restricted: int, had: Sequence[str]) -> Present:
    return Present(
        one.pk,
        one.username,
        one.uuid,
        one.archived_at is not None,
        credit,
        restricted,
        {name: getattr(one, name) for name in PLAIN_FIELDS},
        opted_out=not one.subscriber and one.subscriber_source == Consent.IN_WORLD,
        old_names=frozenset(map(name_key, had)),
    )


def _former(batch: Batch, names: list[str]) -> dict[str, Former]:
    """Whose old name a new one is, by name key."""
    fields = ("username", "customer")
    had = pick(OldName, fields, store=batch.store, field="username", values=names)
    present = dict(
        pick(Customer, ("id", "username"), field="id", values=[customer for _, customer in had])
    )
    return {name_key(old): Former(customer, present[customer]) for old, customer in had}


def _uuid(value: UUID | None) -> Any:
    return Customer._meta.get_field("uuid").get_db_prep_value(value, connection)
