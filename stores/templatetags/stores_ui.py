"""What templates need of the look: icons, amounts, moments."""

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from stores import durations
from stores.models import Batch, Store
from stores.money import MINUS

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture of the icon set, drawn in place; decoration only, words stand beside it."""
    return _svg(name)


@functools.cache
def _svg(name: str) -> SafeString:
    try:
        drawing = (settings.ICONS_DIR / f"{name}.svg").read_text()
    except FileNotFoundError:
        return SafeString("")
    inside = drawing.partition("<svg")[2].partition(">")[2].rpartition("</svg>")[0]
    return mark_safe(  # noqa: S308  the drawing is a file of ours
        '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{inside}</svg>'
    )


@register.filter
def amount(value: int | None, store: Store) -> str:
    """An amount in the currency of the store."""
    return "" if value is None else store.money.format(value)


@register.filter
def figure(value: int, store: Store) -> str:
    """An amount among others: zero is quiet."""
    text = store.money.format(value)
    return text if value else format_html('<span class="zero">{}</span>', text)


@register.filter
def signed(value: int, store: Store) -> str:
    """A change of an amount, with its sign."""
    return f"{'+' if value > 0 else ''}{store.money.format(value)}"


@register.filter
def count(value: int) -> str:
    """A whole number for people: thousands separated, a real minus."""
    return f"{MINUS if value < 0 else ''}{abs(value):,}"


@register.filter
def moment(value: Any) -> SafeString:
    """A time in the store's zone: short to read, exact on hover and for machines."""
    return _time(value)


@register.filter
def ago(value: Any) -> SafeString:
    """As `moment`, and up to a week how long ago it was: for what stands by itself."""
    return _time(value, durations.ago)


def _time(value: Any, words: Callable[[Any, Any], str] | None = None) -> SafeString:
    if value is None:
        return SafeString("")
    local, language = timezone.localtime(value), get_language()
    return format_html(
        '<time datetime="{}" title="{}, {}">{}</time>',
        local.isoformat(),
        _day(local.date(), "j F Y", language),
        f"{local:%H:%M %Z}",
        (words and words(local, timezone.localtime())) or _day(local.date(), "j M Y", language),
    )


@functools.lru_cache(maxsize=4_096)
def _day(day: dt.date, form: str, language: str | None) -> str:
    """Rows of a list are often of the same days, and a date costs as much as a row to write."""
    return date_format(day, form)


@register.filter
def time_left(batch: Batch) -> str:
    """How long the work on a batch still takes, in words; '' where that is not known."""
    return durations.left(
        done=batch.handled, planned=batch.planned, since=batch.confirmed_at, now=timezone.now()
    )
