"""The door of the API: whatever happens behind it, what comes out is JSON. Cookies mean nothing
here, requests are small, and nobody is led elsewhere.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from sales.api import errors
from sales.api.errors import Problem

START = "/api/"
PAGES = ("/api/v1/docs",)
MOST_ASKED = 4096


class ApiDoor:
    """Stands before whatever reads the body, and behind whatever sets headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (request.path + "/").startswith(START):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        if problem := _at_once(request):
            return errors.answer(problem)
        return _as_json(request, self.get_response(request))


def _at_once(request: HttpRequest) -> Problem | None:
    """Why a request is not even looked at. Its body is read here, whole, so that nobody behind
    reads it in another way.
    """
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return Problem(403, "https_only", "Ask over https; and make a new key, this one was shown.")
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_ASKED:
            return Problem(413)
        request.body  # noqa: B018
    except (ValueError, UnreadablePostError):
        return Problem(400)
    return None


def _as_json(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What somebody else said in another way."""
    is_page = request.path in PAGES and response.status_code == 200
    if is_page or response.headers.get("Content-Type", "").startswith("application/json"):
        return response
    said = errors.plain(response.status_code)
    if allowed := response.headers.get("Allow"):
        said.headers["Allow"] = allowed
    return said
