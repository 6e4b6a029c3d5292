"""The residents of the demo store: `fixtures/demo/residents.txt`, and habits drawn from a seed."""

import datetime as dt
import enum
import functools
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from customers.models.customer import Consent
from storeadmin.demo.catalogue import FOLDER, catalogue
from storeadmin.demo.seasons import seasons

SPAN = 3 * 365
MISTAKE = " by mistake"
GIFTED, BY_HAND = 24, 36
MAIL_HOSTS = ("mail.example", "post.example", "inbox.example")
Choice = TypeVar("Choice")


class Part(enum.Enum):
    """How somebody came to be a customer."""

    BUYER = "bought something"
    GIFTED = "only ever received gifts"
    BY_HAND = "was added by hand and has bought nothing"
    MISTAKE = "was added by mistake, and archived"


@dataclass
class Resident:
    """Somebody with their habits; `seen_at`, `confirmed_at` and `owned` are left to the play."""

    username: str
    part: Part
    arrives: dt.date
    leaves: dt.date
    uuid: uuid.UUID | None
    old_names: dict[str, float]
    pace: float
    likes: dict[str, float]
    joins: dt.date | None
    email: str = ""
    note: str = ""
    discount: int = 0
    subscribed: str = ""
    subscribed_after: float = 0
    seen_at: dt.datetime | None = None
    confirmed_at: dt.datetime | None = None
    owned: dict[int, int] = field(default_factory=dict)

    def is_member(self, day: dt.date) -> bool:
        return self.joins is not None and self.joins <= day


@functools.cache
def names() -> dict[str, tuple[str, ...]]:
    """Each name with the old ones, the latest first; those added by mistake keep the remark."""
    lines = (FOLDER / "residents.txt").read_text(encoding="utf-8").splitlines()
    found = {}
    for line in filter(None, lines):
        if not line.startswith("#"):
            name, _, old = line.partition(" was ")
            found[name] = tuple(old.split(", ")) if old else ()
    return found


def invent(chance: random.Random, *, today: dt.date) -> list[Resident]:
    """Everybody, in the order in which they arrived."""
    listed = [name for name in names() if not name.endswith(MISTAKE)]
    chance.shuffle(listed)
    parts = [Part.GIFTED] * GIFTED + [Part.BY_HAND] * BY_HAND
    parts += [Part.BUYER] * (len(listed) - len(parts))
    people = list(zip(listed, parts, strict=True))
    people += [(name, Part.MISTAKE) for name in names() if name.endswith(MISTAKE)]
    residents = [_resident(chance, name, part, today=today) for name, part in people]
    residents.sort(key=_arrival)
    # The store opened on the day of its first sale.
    first_buyer = next(resident for resident in residents if resident.part is Part.BUYER)
    first_buyer.arrives = today - dt.timedelta(days=SPAN)
    return sorted(residents, key=_arrival)


def _arrival(resident: Resident) -> tuple[dt.date, str]:
    return resident.arrives, resident.username


def _resident(chance: random.Random, name: str, part: Part, *, today: dt.date) -> Resident:
    # The root makes arrivals denser towards today: the store grows.
    arrives = today - dt.timedelta(days=SPAN - int((SPAN - 2) * chance.random() ** 0.7))
    username = name.removesuffix(MISTAKE)
    resident = Resident(
        username=username,
        part=part,
        arrives=arrives,
        leaves=arrives + dt.timedelta(days=30 + int(chance.expovariate(1 / 500))),
        uuid=uuid.UUID(int=chance.getrandbits(128), version=4),
        old_names=dict(zip(names()[name], _falling(chance), strict=False)),
        pace=min(chance.lognormvariate(-4, 1.1), 0.2),
        likes={category: chance.paretovariate(1.2) for category in catalogue().categories},
        joins=_joins(chance, arrives),
    )
    if part is Part.MISTAKE:
        resident.uuid = resident.joins = None
    else:
        _describe(chance, resident)
    return resident


def _describe(chance: random.Random, resident: Resident) -> None:
    """What the staff came to write down."""
    if resident.part is Part.BY_HAND and chance.random() < 0.4:
        resident.uuid = None
    if chance.random() < 0.3:
        host = chance.choice(MAIL_HOSTS)
        resident.email = f"{resident.username.replace('.', '_')[:40]}@{host}"
    if chance.random() < 0.1:
        resident.note = chance.choice(seasons().notes)
    if chance.random() < 0.09:
        resident.discount = _pick(chance, {5: 8, 10: 12, 15: 6, 20: 4, 50: 2, 100: 1})
    if chance.random() < 0.38:
        sources = {Consent.IN_WORLD: 7, Consent.HAND: 2, Consent.IMPORT: 1}
        resident.subscribed = _pick(chance, sources).value
        resident.subscribed_after = chance.random()


def _joins(chance: random.Random, arrives: dt.date) -> dt.date | None:
    """Most who ever join the group do so on their first visit, for the gift on the wall."""
    if chance.random() > 0.45:
        return None
    return arrives + dt.timedelta(days=0 if chance.random() < 0.6 else chance.randrange(200))


def _falling(chance: random.Random) -> Sequence[float]:
    """When each old name ended, the latest first, as a share of the time since."""
    return sorted((chance.random() for _ in range(2)), reverse=True)


def _pick(chance: random.Random, weights: dict[Choice, int]) -> Choice:
    return chance.choices(list(weights), list(weights.values()))[0]
