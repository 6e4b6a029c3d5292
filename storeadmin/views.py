"""Pages of the whole program."""

import logging
import secrets

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the program answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def mistake(request: HttpRequest) -> HttpResponse:
    """Our mistake, with a number that stands in the log too, just before what went wrong. The page
    needs neither the session nor the database.
    """
    number = secrets.token_hex(4)
    logger.error("mistake %s: %s %s", number, request.method, request.path)
    page = render_to_string("500.html", {"request_id": number})
    return HttpResponse(page, status=500, headers={"X-Mistake": number})
