"""What tells of the API itself: the OpenAPI file, a page that lists the operations, and the answer
where there is nothing.
"""

import functools
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from sales.api import api, told
from sales.api.errors import plain


@csrf_exempt
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The file that programs read."""
    return JsonResponse(_schema())


@csrf_exempt
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The page that people read; made from the same file, and nothing of another host on it."""
    schema = _schema()
    context = {"about": schema["info"], "groups": told.groups(schema)}
    return render(request, "sales/api.html", context)


@csrf_exempt
def nothing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return plain(404)


@functools.cache
def _schema() -> dict[str, Any]:
    """Anybody may ask for it, so it is made once."""
    return api.get_openapi_schema()
