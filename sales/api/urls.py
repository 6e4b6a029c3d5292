"""Addresses of the API; whatever else begins like them is nothing, in JSON."""

from django.urls import path, re_path

from sales.api import api, pages

urlpatterns = [
    path("api/v1/openapi.json", pages.openapi, name="openapi"),
    path("api/v1/", api.urls),
    re_path(r"^api(/.*)?$", pages.nothing, name="api_nothing"),
]
