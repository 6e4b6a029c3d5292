"""How the body of a request is read: JSON in UTF-8, nothing twice, nothing that a database chokes
on.
"""

import functools
import inspect
import json
import re
from collections.abc import Callable
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse
from ninja.parser import Parser

from sales.api.errors import Problem

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_TYPE = re.compile(r"application/json *(; *charset=\"?utf-?8\"?)?", re.IGNORECASE)


class StrictParser(Parser):
    """Raises Problem for whatever is not plain JSON."""

    def parse_body(self, request: HttpRequest) -> Any:
        if not _TYPE.fullmatch(request.headers.get("Content-Type", "").strip()):
            raise Problem(415)
        try:
            text = request.body.decode()
            return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
        except (ValueError, RecursionError):
            raise Problem(400, detail="The body is no JSON in UTF-8.") from None


def known_query(operation: Callable[..., Any]) -> Callable[..., Any]:
    """The operation, which refuses what it does not know in the query of an address."""
    known = set(inspect.signature(operation).parameters)

    @functools.wraps(operation)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | Any:
        if not known.issuperset(request.GET):
            raise Problem(400, detail="The query has a field that is not known.")
        return operation(request, *args, **kwargs)

    return asked


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Problem(400, detail="A field is given twice.")
    texts = [part for pair in pairs for part in pair if isinstance(part, str)]
    if any(_CONTROL.search(text) for text in texts):
        raise Problem(400, detail="A text has characters that no text has.")
    return found


def _constant(name: str) -> NoReturn:
    raise Problem(400, detail="The body is no JSON in UTF-8.")
