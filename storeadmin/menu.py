"""The menu of a store, as data."""

from django.http import HttpRequest


def menu(request: HttpRequest) -> dict:
    return {}
