"""What the style guide shows of the shared parts: made-up rows, forms, batches and bars."""

import datetime as dt
import re
from html import escape
from typing import Any

from django import forms
from django.urls import reverse

from stores.charts import BarChart, Part, bar_chart
from stores.forms import DayField, MoneyField, PercentField, StoreForm
from stores.models import Batch, State, Store
from stores.tables import (
    Column,
    FlagColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    Row,
    Table,
    TickColumn,
)

STORE = Store(pk=0, slug="styleguide", name="Style guide")
HUES = range(12)
BOUGHT = dt.datetime(2026, 3, 14, 15, 9, tzinfo=dt.UTC)
NAMES = (
    ("anna.bell", "AB", 1_250, 12, 5, True),
    (
        "Maximiliana Konstantina von Hohenzollern-Sigmaringen Resident",
        "MK",
        9_876_543,
        310,
        0,
        False,
    ),
    ("\u0644\u064a\u0644\u0649 \u062d\u0633\u0646", "\u0644\u062d", 40, 1, 100, True),
    ("zero.resident", "ZR", 0, 0, 0, False),
    ("returned.more", "RM", -480, 2, 0, False),
)
SHAPES = ("name", "initials", "spent", "owns", "discount", "subscriber")
_VARIABLE = re.compile(r"^  (--[a-z-]+): ([^;]+);", re.MULTILINE)


def variables(css: str) -> dict[str, str]:
    """The custom properties of the first block of a style sheet, in their order."""
    return dict(_VARIABLE.findall(css.partition("}")[0]))


def colours(css: str) -> list[str]:
    """Those that hold one colour for light and one for dark."""
    return [name for name, value in variables(css).items() if value.startswith("light-dark(")]


def measures(css: str) -> dict[str, str]:
    """Those that hold no colour."""
    found = variables(css).items()
    words = ("light-dark(", "oklch(", "var(--", "#")
    return {name: " ".join(value.split()) for name, value in found if not _any(words, value)}


def _any(words: tuple[str, ...], value: str) -> bool:
    return any(word in value for word in words)


class NameColumn(Column):
    """A name beside its initials."""

    css = "name"

    def html(self, value: Any, row: Row, store: Store) -> str:
        name, hue = escape(value), row["pk"] % len(HUES)
        return (
            f'<a href="{escape(row["url"])}" data-dialog title="{name}">'
            f'<span class="avatar avatar-sm hue-{hue}" aria-hidden="true">{row["initials"]}</span>'
            f'<span class="cut" dir="auto">{name}</span></a>'
        )


class GuideTable(Table):
    """Every kind of column."""

    tick = TickColumn(named="name")
    name = NameColumn(verbose_name="Name")
    spent = MoneyColumn(verbose_name="Spent", hint="What a hint at a column looks like.")
    owns = NumberColumn(verbose_name="Owns")
    discount = PercentColumn(verbose_name="Discount")
    subscriber = FlagColumn(verbose_name="News Subscriber")
    at = MomentColumn(verbose_name="Last purchase", orderable=False)

    def row_url(self, row: Row) -> str:
        return reverse("styleguide_form")


def rows(sort: str) -> list[Row]:
    """The rows sorted by a column, the other way round after a minus."""
    found = [
        {"pk": place, "at": BOUGHT, **dict(zip(SHAPES, name, strict=True))}
        for place, name in enumerate(NAMES, start=1)
    ]
    return sorted(found, key=lambda row: row[sort.removeprefix("-")], reverse=sort.startswith("-"))


class GuideFilters(StoreForm):
    """Fields as they stand under a filter button."""

    def build(self) -> None:
        self.fields["more"] = MoneyField(currency=self.store.money, label="Spent more than")
        self.fields["since"] = DayField(label="Last purchase after", required=False)


class GuideForm(StoreForm):
    """Each kind of field, with a hint where there is something to say."""

    def build(self) -> None:
        self.fields["username"] = forms.CharField(label="Name", max_length=60)
        self.fields["amount"] = MoneyField(
            currency=self.store.money, label="Credit", help_text="In whole L$."
        )
        self.fields["discount"] = PercentField(label="Discount %", help_text="0 to 100.")
        self.fields["day"] = DayField(label="Day", required=False)
        self.fields["reason"] = forms.ChoiceField(
            label="Reason", choices=[("", "Choose"), ("gift", "Gift"), ("goodwill", "Goodwill")]
        )
        self.fields["subscriber"] = forms.BooleanField(label="News subscriber", required=False)
        self.fields["note"] = forms.CharField(
            label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3})
        )


def refused_form() -> GuideForm:
    """The form with what cannot be taken."""
    typed = {"username": "anna.bell", "amount": "ten", "discount": "101", "reason": "gift"}
    return GuideForm(typed, store=STORE, auto_id="refused_%s")


def batches() -> list[Batch]:
    """A batch in each state, those at work on their way."""
    handled = {State.RUNNING: 420, State.DONE: 1_204, State.FAILED: 801, State.CANCELLED: 60}
    return [
        Batch(pk=1, store=STORE, state=state, planned=1_204, handled=handled.get(state, 0))
        for state in State
    ]


def chart() -> BarChart:
    """Bars above and below zero."""
    months = (("Jan", 1_200, -150), ("Feb", 800, 0), ("Mar", 1_900, -420), ("Apr", 0, -90))
    write = STORE.money.format
    return bar_chart(
        [
            (
                label,
                [
                    Part(added, "up", f"{write(added)} added"),
                    Part(taken, "down", f"{write(taken)} taken"),
                ],
            )
            for label, added, taken in months
        ],
        write=write,
    )
