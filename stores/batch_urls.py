"""Addresses of batches, within a store."""

from django.urls import path

from stores.views import batches as views

app_name = "batches"
urlpatterns = [
    path("", views.BatchList.as_view(), name="list"),
    path("<key:pk>/", views.BatchPage.as_view(), name="batch"),
    path("<key:pk>/rows.csv", views.BatchRows.as_view(), name="rows"),
    path("<key:pk>/apply/", views.ApplyBatch.as_view(), name="apply"),
    path("<key:pk>/undo/", views.UndoBatch.as_view(), name="undo"),
    path("<key:pk>/cancel/", views.CancelBatch.as_view(), name="cancel"),
    path("<key:pk>/resume/", views.ResumeBatch.as_view(), name="resume"),
]
