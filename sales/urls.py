"""Addresses of selling, within a store."""

from django.urls import path

from sales import views

app_name = "sales"
urlpatterns = [
    path("vendors/<key:vendor>/key/", views.Key.as_view(), name="key"),
    path(
        "vendors/<key:vendor>/key/revocation/",
        views.KeyRevocation.as_view(),
        name="key_revocation",
    ),
]
