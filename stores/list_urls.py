"""Addresses about lists, within a store: their saved views, their columns."""

from django.urls import path

from stores.views import saved_views

app_name = "lists"
urlpatterns = [
    path("<str:list>/columns/", saved_views.Columns.as_view(), name="columns"),
    path("<str:list>/views/add/", saved_views.AddView.as_view(), name="add_view"),
    path("<str:list>/views/<key:view>/", saved_views.EditView.as_view(), name="view"),
    path(
        "<str:list>/views/<key:view>/replacement/",
        saved_views.Replacement.as_view(),
        name="replacement",
    ),
    path("<str:list>/views/<key:view>/deletion/", saved_views.Deletion.as_view(), name="deletion"),
]
