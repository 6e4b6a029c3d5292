"""How a member wants a list to look: which columns are hidden, and how close the rows stand."""

import dataclasses
from collections.abc import Iterable

from django.db import transaction

from stores.models import Member


@dataclasses.dataclass(frozen=True)
class Look:
    """What is hidden is kept, not what is shown: a column that is new is seen."""

    hidden: tuple[str, ...] = ()
    dense: bool = False


def look_of(member: Member, list_name: str) -> Look:
    """How the member wants the list; read from the row that every page reads anyway."""
    kept = member.looks.get(list_name, {})
    return Look(tuple(kept.get("hidden", ())), bool(kept.get("dense")))


def keep(*, member: Member, list_name: str, hidden: Iterable[str], dense: bool) -> None:
    """Remember a look. Locks the member: looks of other lists are written into the same row."""
    look = Look(tuple(hidden), dense)
    with transaction.atomic():
        locked = Member.objects.select_for_update().get(pk=member.pk)
        locked.looks = {**locked.looks, list_name: dataclasses.asdict(look)}
        if look == Look():
            del locked.looks[list_name]
        locked.save(update_fields=["looks"])
    member.looks = locked.looks
