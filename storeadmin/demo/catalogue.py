"""What the demo store sells, and where: `fixtures/demo/catalogue.toml` as data."""

import datetime as dt
import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"
MONTH = dt.timedelta(days=30, hours=12)


@dataclass(frozen=True)
class Sale:
    """A discount of a product; its days are counted from today, and either may be open."""

    percent: int
    first: int | None = None
    last: int | None = None

    def days(self, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
        first, last = (
            None if day is None else today + dt.timedelta(days=day)
            for day in (self.first, self.last)
        )
        return first, last


@dataclass(frozen=True)
class Item:
    """A product, how long it has been out, and how well it sells beside others."""

    name: str
    category: str
    price: int
    months: int
    liked: int = 1
    copy: bool = False
    blocks_credit: bool = False
    members: bool = False
    sale: Sale | None = None

    def out_on(self, today: dt.date) -> dt.date:
        return today - MONTH * self.months


@dataclass(frozen=True)
class Stall:
    """A vendor: `discount` is everybody's, `members` what the store's group gets."""

    name: str
    group: str
    group_discount: int
    share: int = 0
    discount: int = 0
    members: int = 0
    event: str = ""


@dataclass(frozen=True)
class Catalogue:
    """All that `catalogue.toml` says."""

    name: str
    slug: str
    categories: tuple[str, ...]
    items: tuple[Item, ...]
    groups: dict[str, int]
    stalls: tuple[Stall, ...]


def read(name: str) -> dict[str, Any]:
    """A file of the demo."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


@functools.cache
def catalogue() -> Catalogue:
    written = read("catalogue.toml")
    return Catalogue(
        name=written["store"]["name"],
        slug=written["store"]["slug"],
        categories=tuple(category["name"] for category in written["categories"]),
        items=tuple(_items(written["categories"])),
        groups={group["name"]: group.get("discount", 0) for group in written["vendor_groups"]},
        stalls=tuple(_stalls(written["vendor_groups"])),
    )


def _items(categories: list[dict[str, Any]]) -> Iterator[Item]:
    for category in categories:
        for product in category["products"]:
            yield Item(
                **{**product, "sale": _sale(product.get("sale")), "category": category["name"]}
            )


def _sale(written: dict[str, int] | None) -> Sale | None:
    if written is None:
        return None
    return Sale(written["percent"], first=written.get("from"), last=written.get("until"))


def _stalls(groups: list[dict[str, Any]]) -> Iterator[Stall]:
    for group in groups:
        for vendor in group["vendors"]:
            yield Stall(**vendor, group=group["name"], group_discount=group.get("discount", 0))
