"""How what an operation found is written."""

from typing import Any

from django.http import HttpRequest
from ninja.renderers import BaseRenderer

from sales.api import answers


class Compact(BaseRenderer):
    """JSON that fits into an answer."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        return answers.dump(data)
