"""What holds for every request: clean text, headers that keep pages private, time in UTC."""

import logging
import re
from collections.abc import Callable, Iterable

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class CleanInputMiddleware:
    """Answers 400 to control characters and lone surrogates in path, query or form, which databases
    choke on.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(_CONTROL.search(text) for text in self._texts(request)):
            raise SuspiciousOperation("control characters")
        return self.get_response(request)

    def _texts(self, request: HttpRequest) -> Iterable[str]:
        yield request.path
        for fields in (request.GET, request.POST):
            for name, values in fields.lists():
                yield name
                yield from values


def is_mistake(error: Exception) -> bool:
    """Whether it does not pass by itself: SQLite calls a missing table by the name of a lock."""
    return str(error).startswith(("no such table", "no such column"))


class BusyMiddleware:
    """Answers 503 where the database is busy or gone for a moment: the deed was not done and can be
    tried again.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError | InterfaceError) or is_mistake(error):
            return None
        logger.warning("busy: %s", error)
        response = render(request, "503.html", status=503)
        response.headers["Retry-After"] = "5"
        return response


class SafeHeadersMiddleware:
    """Pages hold data of people: never stored by caches, never embedded elsewhere."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.setdefault("Cache-Control", "no-store")
        return response


class StoreTimeMiddleware:
    """A store's view activates its time zone; the next request starts from UTC again."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(None):
            return self.get_response(request)
