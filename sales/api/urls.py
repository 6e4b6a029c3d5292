"""Addresses of the API."""

from django.urls import path

from sales.api import api, pages

urlpatterns = [
    path("openapi.json", pages.openapi, name="openapi"),
    path("docs", pages.docs, name="api_docs"),
    path("", pages.nothing, name="api_start"),
    path("", api.urls),
]
