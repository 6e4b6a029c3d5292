"""What templates need of prices and tiers."""

import dataclasses

from django import template

from loyalty import quote_words
from loyalty.tiers import Rung
from stores.models import Store

register = template.Library()


@register.filter
def hundredths(value: int, store: Store) -> str:
    """A fraction of the smallest unit, counted in its hundredths: 430 -> L$4.30, $0.0430."""
    finer = dataclasses.replace(store.money, digits=store.money.digits + 2)
    return finer.format(value)


@register.filter
def tier(rung: Rung | None, store: Store) -> str:
    """A tier in words."""
    return quote_words.tier(rung, store.money)


@register.filter
def standing(rung: Rung | None, store: Store) -> str:
    """A tier with its discount."""
    words = quote_words.tier(rung, store.money)
    return f"{rung.discount} % ({words})" if rung else words


@register.filter
def explained(english: str) -> str:
    """What a quote says of a rule."""
    return quote_words.explained(english)


@register.filter
def off(amount: int) -> int:
    """An amount that is taken off."""
    return -amount
