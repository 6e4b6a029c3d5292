"""Addresses of batches, within a store."""

from django.urls import path

from stores.views import batch_bar, batch_deeds, batch_list, batches

app_name = "batches"
urlpatterns = [
    path("", batch_list.BatchList.as_view(), name="list"),
    path("<key:pk>/", batches.BatchPage.as_view(), name="batch"),
    path("<key:pk>/bar/", batch_bar.BatchBar.as_view(), name="bar"),
    path("<key:pk>/rows.csv", batches.BatchRows.as_view(), name="rows"),
    path("<key:pk>/apply/", batch_deeds.ApplyBatch.as_view(), name="apply"),
    path("<key:pk>/undo/", batch_deeds.UndoBatch.as_view(), name="undo"),
    path("<key:pk>/repetition/", batch_deeds.RepeatBatch.as_view(), name="again"),
    path("<key:pk>/cancel/", batch_deeds.CancelBatch.as_view(), name="cancel"),
    path("<key:pk>/resume/", batch_deeds.ResumeBatch.as_view(), name="resume"),
]
