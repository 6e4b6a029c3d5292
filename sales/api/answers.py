"""Answers of the API: JSON of one shape, small enough for a script in-world to read whole."""

import json
from typing import Any

from django.http import HttpResponse
from pydantic import BaseModel

MOST_BYTES = 2048
TYPE = "application/json; charset=utf-8"
DETAIL_TO = 400


class TooLarge(RuntimeError):
    """An answer that no script could read: a mistake of ours."""


def dump(content: Any) -> str:
    """JSON without spare spaces; it fits into an answer. Raises TooLarge."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str)
    if size(text) > MOST_BYTES:
        raise TooLarge(f"an answer of {size(text)} bytes")
    return text


def size(text: str) -> int:
    return len(text.encode())


def reply(text: str, *, status: int = 200) -> HttpResponse:
    """An answer that `dump` made."""
    return HttpResponse(text, status=status, content_type=TYPE)


def error(code: str, detail: str, **more: int | None) -> str:
    """What an answer says that is none: a code for scripts, words for people, and what helps."""
    said = {name: value for name, value in more.items() if value is not None}
    return dump({"code": code, "detail": detail[:DETAIL_TO], **said})


class Room:
    """What is left of an answer that is a list."""

    def __init__(self, frame: BaseModel):
        self.left = MOST_BYTES - size(frame.model_dump_json())

    def takes(self, row: BaseModel) -> bool:
        """Whether one more fits; it is counted then."""
        needed = size(dump(row.model_dump(mode="json"))) + 1
        if needed > self.left:
            return False
        self.left -= needed
        return True
