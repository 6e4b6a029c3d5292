"""What goes wrong, as an answer: what cannot be read, what is refused, what is busy or broken."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from sales.api import answers
from sales.refused import Code, Refused

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest, Any], HttpResponse]

BUSY_SECONDS = 5
# What is said where nothing more is known than the status.
PLAIN = {
    400: ("invalid", "This request cannot be read."),
    401: ("unauthorized", "Send the key of a vendor: 'Authorization: Bearer sa_...'."),
    403: ("not_allowed", "This is not allowed."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method."),
    413: ("too_large", "A request has at most 4,096 bytes."),
    415: ("unsupported_type", "Send application/json in UTF-8."),
    429: ("too_many", "Too many requests."),
    500: ("broken", "Something is broken here; it was written down. Try again with the same key."),
    503: ("busy", "The store is busy for a moment. Try again with the same key."),
}
REFUSED_AS = {Code.BANNED: 403}
UNKNOWN = "unknown_"
MOST_SAID = 3
NAME_TO = 40


class Problem(Exception):
    """A request that is not answered; nothing was done, and nothing is kept of it."""

    def __init__(self, status: int, code: str = "", detail: str = "", **more: int | None):
        usual_code, usual_detail = PLAIN.get(status, PLAIN[400])
        self.status = status
        self.code = code or usual_code
        self.detail = detail or usual_detail
        self.more = more
        super().__init__(self.detail)


def status_of(refused: Refused) -> int:
    """The status that goes with a refusal."""
    if refused.code.startswith(UNKNOWN):
        return 404
    return REFUSED_AS.get(refused.code, 409)


def answer(problem: Problem) -> HttpResponse:
    text = answers.error(problem.code, problem.detail, **problem.more)
    response = answers.reply(text, status=problem.status)
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if wait := problem.more.get("retry_after"):
        response.headers["Retry-After"] = str(wait)
    return response


def plain(status: int) -> HttpResponse:
    """The answer of a status of which nothing more is known."""
    known = status if status in PLAIN else 500 if status >= 500 else 400
    return answer(Problem(known, retry_after=BUSY_SECONDS if known == 503 else None))


def handle_all(api: NinjaAPI) -> None:
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)


def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return answer(problem)


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return answer(Problem(status_of(refused), refused.code, str(refused)))


def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    said = "; ".join(_fault(one) for one in error.errors[:MOST_SAID])
    return answer(Problem(400, detail=said))


def _of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The library hides what our parser raised behind an error of its own."""
    if isinstance(error.__cause__, Problem):
        return answer(error.__cause__)
    return plain(error.status_code)


def _throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
    return answer(Problem(429, retry_after=int(error.wait or 1)))


def _status(status: int) -> Handler:
    return lambda request, error: plain(status)


def _busy(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.warning("busy: %s", error)
    return plain(503)


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("%s %s is broken", request.method, request.path, exc_info=error)
    return plain(500)


_HANDLERS: dict[type[Exception], Handler] = {
    Problem: _problem,
    Refused: _refused,
    ValidationError: _unreadable,
    HttpError: _of_http,
    AuthenticationError: _status(401),
    Throttled: _throttled,
    Http404: _status(404),
    OperationalError: _busy,
    InterfaceError: _busy,
    Exception: _broken,
}


def _fault(error: dict[str, Any]) -> str:
    """What is wrong with which field; a name that nobody of us gave is not repeated."""
    names = [part for part in error["loc"][2:] if isinstance(part, str)]
    field = ".".join(part for part in names if part.isidentifier() and part.isascii())
    return f"{field[:NAME_TO] or 'body'}: {error['msg']}"
