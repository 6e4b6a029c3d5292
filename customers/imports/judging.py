"""What a line of a file would change: somebody new, somebody known, or nobody, and why. Pure."""

from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from customers import identity
from customers.imports.lines import Line, as_read
from customers.models.imported import LineState
from stores.money import LIMIT

# What is done with customers who exist already.
SET = "set"
ADD = "add"
SKIP = "skip"
MODES = {
    SET: gettext_lazy("Set: what the file says replaces what is there"),
    ADD: gettext_lazy("Add: credit is added to what is there, the rest is set"),
    SKIP: gettext_lazy("Skip: who is known already stays as they are"),
}
OPTED_OUT = gettext_noop("stays unsubscribed: they opted out in-world")
PLAIN_FIELDS = ("email", "note", "discount", "subscriber", "group_member")
NOTHING: dict[str, Any] = {
    "email": "",
    "note": "",
    "discount": 0,
    "subscriber": False,
    "group_member": False,
}


class Present(NamedTuple):
    """A customer as they are; `old_names` are keys of names that they had before."""

    pk: int
    username: str
    uuid: UUID | None
    archived: bool
    credit: int
    restricted: int
    fields: dict[str, Any]
    opted_out: bool = False
    old_names: frozenset[str] = frozenset()


class Who(NamedTuple):
    """Whom a line may mean: its name as the store writes it, the customer of that name, and the
    customer of its uuid.
    """

    username: str
    name_key: str
    namesake: Present | None
    holder: Present | None


class Rules(NamedTuple):
    """How an import treats known customers: `mode`, and whether it lifts an opt-out that was made
    in-world.
    """

    mode: str
    lifts_opt_out: bool = False

    @classmethod
    def of(cls, asked: dict[str, Any]) -> "Rules":
        """The rules among other things that were asked."""
        return cls(asked["mode"], asked["lifts_opt_out"])


class Verdict(NamedTuple):
    """What comes of a line. `changes` maps a field to what it was and what it shall be; `field` is
    at fault where it is refused or in conflict.
    """

    state: str
    customer: int | None = None
    changes: dict[str, list[Any]] = {}
    credit: int = 0
    restricted: int = 0
    credit_was: int = 0
    restricted_was: int = 0
    field: str = ""
    reason: str = ""


def judge(line: Line, who: Who, rules: Rules) -> Verdict:
    """What the line would change. The uuid wins over the name."""
    if who.holder and who.namesake and who.holder.pk != who.namesake.pk:
        reason = identity.two_people(who.namesake.username, who.holder.username)
        return Verdict(LineState.CONFLICT, field="uuid", reason=reason)
    known = who.holder or who.namesake
    if known is None:
        return _somebody_new(line, who)
    if known.archived:
        reason = _("%(name)s is archived; list them again first") % {"name": known.username}
        return Verdict(LineState.CONFLICT, known.pk, field="username", reason=reason)
    if line.uuid and known.uuid and line.uuid != known.uuid:
        reason = identity.other_uuid(known.username)
        return Verdict(LineState.CONFLICT, known.pk, field="uuid", reason=reason)
    if rules.mode == SKIP:
        return Verdict(LineState.SKIPPED, known.pk)
    return _somebody_known(line, who, known, rules)


def _somebody_new(line: Line, who: Who) -> Verdict:
    if not who.username:
        return Verdict(LineState.REFUSED, field="uuid", reason=identity.nameless())
    moves: dict[str, Any] = {name: getattr(line, name) or 0 for name in ("credit", "restricted")}
    for name, amount in moves.items():
        if not 0 <= amount <= LIMIT:
            return Verdict(LineState.REFUSED, field=name, reason=_out_of_range(amount))
    verdict = Verdict(LineState.NEW, changes=_changes(line, NOTHING))
    return verdict._replace(**moves)


def _somebody_known(line: Line, who: Who, known: Present, rules: Rules) -> Verdict:
    changes, note = _changes(line, known.fields), ""
    if "subscriber" in changes and line.subscriber and known.opted_out and not rules.lifts_opt_out:
        del changes["subscriber"]
        note = _(OPTED_OUT)
    if line.uuid and known.uuid is None:
        changes["uuid"] = [None, str(line.uuid)]
    renamed = who.namesake is None and who.username and who.name_key not in known.old_names
    if renamed:
        changes["username"] = [known.username, who.username]
    moves: dict[str, Any] = {}
    for name, was in (("credit", known.credit), ("restricted", known.restricted)):
        said = getattr(line, name)
        becomes = was if said is None else said + (was if rules.mode == ADD else 0)
        if not 0 <= becomes <= LIMIT:
            reason = _out_of_range(becomes)
            return Verdict(LineState.REFUSED, known.pk, field=name, reason=reason)
        moves |= {name: becomes - was, f"{name}_was": was}
    changed = changes or moves["credit"] or moves["restricted"]
    state = LineState.CHANGED if changed else LineState.SAME
    return Verdict(state, known.pk, changes, reason=note)._replace(**moves)


def _changes(line: Line, present: dict[str, Any]) -> dict[str, list[Any]]:
    """The fields that the line says otherwise than they are."""
    return {
        name: [present[name], said]
        for name in PLAIN_FIELDS
        if (said := getattr(line, name)) is not None and said != as_read(name, present[name])
    }


def _out_of_range(amount: int) -> str:
    if amount < 0:
        return _("would be below zero")
    return _("would pass the most that a balance holds")
