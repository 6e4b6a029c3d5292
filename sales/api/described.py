"""Which answers an operation can give, for the OpenAPI file."""

from typing import Any

from pydantic import BaseModel

from sales.api.answered import ErrorOut

ALWAYS = (400, 401, 429, 500, 503)
OF_POSTS = (409, 413, 415)


def reading(found: type[BaseModel], *others: int) -> dict[int, Any]:
    """The answers of a GET, and others than those that always can come."""
    return {200: found, **dict.fromkeys(sorted({*ALWAYS, *others}), ErrorOut)}


def deed(done: type[BaseModel], *others: int) -> dict[int, Any]:
    """The answers of a POST."""
    return reading(done, *OF_POSTS, *others)
