"""Customers as people: adding, naming, editing, archiving."""

import uuid as uuids
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from customers import credit, portraits, search
from customers.models import (
    Balance,
    CreditAccount,
    Customer,
    CustomerCount,
    Kind,
    OldName,
    Portrait,
)
from customers.models.customer import Consent
from customers.names import name_key, normalise
from stores import audit, pictures
from stores.edits import Changed, plain
from stores.models import Store, User

NULL_UUID = uuids.UUID(int=0)
EDITABLE = ("discount", "email", "note", "subscriber", "group_member")


class Known(ValueError):
    """The name or uuid belongs to a customer already."""

    def __init__(self, customer: Customer, field: str):
        self.customer = customer
        self.field = field
        super().__init__(_("%(customer)s is a customer already.") % {"customer": customer.username})


def add(
    *,
    store: Store,
    username: str,
    by: User | None,
    uuid: uuids.UUID | None = None,
    opening: dict[str, int] | None = None,
    token: uuids.UUID | None = None,
    **fields: Any,
) -> Customer:
    """Make a customer with their account; `opening` maps a balance to its starting credit.

    Raises `names.BadName`, `Known` (name or uuid belongs to somebody), `credit.CreditRefused`.
    """
    username = normalise(username, store.name_rule)
    uuid = None if uuid == NULL_UUID else uuid
    _refuse_known(store, username=username, uuid=uuid)
    with transaction.atomic():
        try:
            with transaction.atomic():
                customer = Customer.objects.create(
                    store=store,
                    username=username,
                    name_key=name_key(username),
                    uuid=uuid,
                    **_dated(fields),
                )
        except IntegrityError:
            _refuse_known(store, username=username, uuid=uuid)
            raise
        CreditAccount.objects.create(store=store, customer=customer)
        search.index(customer)
        for balance, amount in (opening or {}).items():
            if amount:
                credit.grant(
                    customer=customer,
                    balance=balance,
                    amount=amount,
                    by=by,
                    kind=Kind.OPENING,
                    token=token,
                )
        count_listed(store, 1)
        audit.record(
            store=store,
            by=by,
            action="customer.add",
            subject=customer,
            changes={"username": [None, username]},
        )
    return customer


def edit(
    *,
    customer: Customer,
    by: User | None,
    opened: dict[str, Any],
    fields: dict[str, Any],
    balances: dict[str, int] | None = None,
    token: uuids.UUID | None = None,
    **why: str,
) -> list[str]:
    """Change what the person changed: `fields` and `balances` hold totals, `opened` what the form
    was opened with.

    What differs from `opened` is written if it still is what it was then, all or nothing; the names
    of what changed are returned. Raises `Changed` with the present values of the fields in
    conflict, balances too. Locks the account, then the customer.
    """
    wanted = {**(balances or {}), **fields}
    changed = [name for name, value in wanted.items() if value != opened[name]]
    if not changed:
        return []
    with transaction.atomic():
        account = CreditAccount.objects.select_for_update().get(customer=customer)
        row = Customer.objects.select_for_update().get(pk=customer.pk)
        present = {
            name: getattr(account if name in Balance.values else row, name) for name in wanted
        }
        if all(present[name] == wanted[name] for name in changed):
            return []
        conflicts = {name: present[name] for name in changed if present[name] != opened[name]}
        if conflicts:
            raise Changed(conflicts)
        for balance in [name for name in changed if name in Balance.values]:
            credit.set_total(
                customer=customer,
                balance=balance,
                seen=opened[balance],
                total=wanted[balance],
                by=by,
                token=token,
                **why,
            )
        written = {name: wanted[name] for name in changed if name in EDITABLE}
        if written:
            _save(row, written, by=by)
    return changed


def edit_with_picture(
    *,
    customer: Customer,
    by: User | None,
    picture: ContentFile | None,
    clear_picture: bool = False,
    **edited: Any,
) -> list[str]:
    """`edit`, and give the customer a picture that `pictures.read` made, or take theirs away."""
    with transaction.atomic():
        changed = edit(customer=customer, by=by, **edited)
        if picture or clear_picture:
            portrait = Portrait.objects.filter(customer=customer).first()
            if picture or portraits.is_uploaded(customer, portrait):
                portraits.forget(customer=customer)
            pictures.put(row=customer, field="picture", picture=picture, by=by)
            changed = [*changed, "picture"]
    return changed


def correct(
    *,
    customer: Customer,
    username: str,
    by: User | None,
    uuid: uuids.UUID | None = None,
    forget: uuids.UUID | None = None,
) -> bool:
    """Correct a name or follow a rename, the old one still finds the customer; fill in the uuid if
    one is given, or clear one to `forget` if it still is the customer's.

    False if there is nothing to change. Raises `names.BadName`, `Known`. Locks the customer.
    """
    username = normalise(username, customer.store.name_rule)
    uuid = None if uuid == NULL_UUID else uuid
    try:
        with transaction.atomic():
            row = Customer.objects.select_for_update().get(pk=customer.pk)
            values = _corrections(row, username=username, uuid=uuid, forget=forget)
            _refuse_known(customer.store, username=username, uuid=uuid, but=customer)
            if "username" in values:
                OldName.objects.create(store_id=row.store_id, customer=row, username=row.username)
            if values:
                _save(row, values, by=by, action="customer.correct")
    except IntegrityError:
        _refuse_known(customer.store, username=username, uuid=uuid, but=customer)
        raise
    for name, value in values.items():
        setattr(customer, name, value)
    return bool(values)


def archive(*, customer: Customer, by: User | None) -> None:
    """Hide a customer added by mistake: not listed, not counted, entries kept. Again changes
    nothing.
    """
    _set_archived(customer, timezone.now(), by=by)


def restore(*, customer: Customer, by: User | None) -> None:
    """List an archived customer again."""
    _set_archived(customer, None, by=by)


def count_listed(store: Store, step: int) -> None:
    """Move the number of listed customers of a store, within the caller's transaction."""
    if not CustomerCount.objects.filter(store=store).update(listed=F("listed") + step):
        CustomerCount.objects.bulk_create([CustomerCount(store=store)], ignore_conflicts=True)
        CustomerCount.objects.filter(store=store).update(listed=F("listed") + step)


def _set_archived(customer: Customer, moment: Any, *, by: User | None) -> None:
    with transaction.atomic():
        CreditAccount.objects.filter(customer=customer).update(listed=moment is None)
        row = Customer.objects.select_for_update().get(pk=customer.pk)
        if (row.archived_at is None) != (moment is None):
            action = "customer.restore" if moment is None else "customer.archive"
            _save(row, {"archived_at": moment}, by=by, action=action)
            count_listed(row.store, 1 if moment is None else -1)
    customer.archived_at = moment


def _corrections(
    row: Customer, *, username: str, uuid: uuids.UUID | None, forget: uuids.UUID | None
) -> dict[str, Any]:
    """The fields of a locked customer that a corrected name and uuid change."""
    values: dict[str, Any] = {}
    if username != row.username:
        values |= {"username": username, "name_key": name_key(username)}
    if uuid and uuid != row.uuid:
        values["uuid"] = uuid
    elif forget and not uuid and forget == row.uuid:
        values["uuid"] = None
    return values


def _save(
    row: Customer, values: dict[str, Any], *, by: User | None, action: str = "customer.edit"
) -> None:
    """Write fields of a locked customer, what finds them, and the trail."""
    before = {name: getattr(row, name) for name in values}
    dated = _dated(values)
    for name, value in dated.items():
        setattr(row, name, value)
    row.save(update_fields=list(dated))
    if not dated.keys().isdisjoint({"username", "uuid", "email", "archived_at"}):
        search.index(row)
    changes = {name: [plain(before[name]), plain(value)] for name, value in values.items()}
    audit.record(store=row.store, by=by, action=action, subject=row, changes=changes)


def _dated(values: dict[str, Any]) -> dict[str, Any]:
    """The values, with when and by which way a consent or a membership became known."""
    dated = dict(values)
    if "subscriber" in values:
        dated |= {"subscriber_source": Consent.HAND, "subscriber_at": timezone.now()}
    if "group_member" in values:
        dated["group_confirmed_at"] = timezone.now()
    return dated


def _refuse_known(
    store: Store, *, username: str | None, uuid: uuids.UUID | None, but: Customer | None = None
) -> None:
    others = Customer.objects.filter(store=store)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if username and (customer := others.filter(name_key=name_key(username)).first()):
        raise Known(customer, "username")
    if uuid and (customer := others.filter(uuid=uuid).first()):
        raise Known(customer, "uuid")
