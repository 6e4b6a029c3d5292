"""Who asks for which pages under load, and the bulk credit that the worker does meanwhile."""

import time
from collections.abc import Callable
from random import Random

from django.conf import settings
from django.test import Client
from django.urls import reverse

from benchmarks.bare import SORTS
from benchmarks.beside import DIALOG
from benchmarks.ground import Ground
from benchmarks.people import Page, Seen, at_work
from customers import bulk_credit
from customers.audience import Audience
from customers.models import Customer
from stores import batches
from stores.models import Batch, State

DELTA = 1
LOOK_SECONDS = 0.2


class Crowd:
    """People who are signed in, and the pages that they ask for."""

    def __init__(self, ground: Ground, *, people: int, pause: float):
        self.cookies = [_signed_in(ground) for _ in range(people)]
        self.pages = _pages(ground)
        self.pause = pause

    def work(
        self, address: str, seconds: float, meanwhile: Callable[[float], object] | None = None
    ) -> dict[str, Seen]:
        """What they see in so many seconds, in which something else is done."""
        return at_work(
            address,
            self.cookies,
            self.pages,
            seconds=seconds,
            pause=self.pause,
            meanwhile=meanwhile,
        )


class BulkCredit:
    """Credit for everyone by the worker, one change after the other."""

    def __init__(self, ground: Ground):
        self.ground = ground
        self.rows = 0

    def go_on(self, until: float) -> None:
        """Draft, wait for the preview, apply, and wait until it is done, as somebody would."""
        store, by = self.ground.store, self.ground.owner
        while time.monotonic() < until:
            everyone = Audience(store=store)
            change = bulk_credit.draft(audience=everyone, credit=DELTA, restricted=0, by=by)
            if self._comes_to(change, State.PREVIEWED, until):
                change = batches.apply(batch=change, by=by)
                self._comes_to(change, State.DONE, until)
            self.rows += change.handled

    def _comes_to(self, change: Batch, state: State, until: float) -> bool:
        """Wait until it does, or the time is over."""
        while change.state != state and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
            change.refresh_from_db()
        return change.state == state


def _signed_in(ground: Ground) -> str:
    """The cookie of a session of the owner."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(ground.owner)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def _pages(ground: Ground) -> dict[str, Page]:
    """The list by any sort, the dialog of any profile, the purchases."""
    slug, sorts = ground.store.slug, [f"{way}{name}" for name in SORTS for way in ("", "-")]
    keys = Customer.objects.filter(store=ground.store).order_by("pk").values_list("pk", flat=True)
    first, last = keys[0], keys.reverse()[0]

    def any_list(dice: Random) -> str:
        return f"{reverse('customers:list', args=[slug])}?sort={dice.choice(sorts)}"

    def any_profile(dice: Random) -> str:
        return reverse("customers:profile", args=[slug, dice.randint(first, last)])

    def purchases(dice: Random) -> str:
        return reverse("sales:purchases", args=[slug])

    return {
        "list": Page(any_list),
        "profile": Page(any_profile, DIALOG),
        "purchases": Page(purchases),
    }
