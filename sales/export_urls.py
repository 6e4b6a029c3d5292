"""Addresses of the export for the accountant, within a store."""

from django.urls import path

from sales import views

app_name = "accountant"
urlpatterns = [
    path("sales/", views.SaleExport.as_view(), name="sales"),
    path("sales.csv", views.SaleExport.as_view(as_file=True), name="sales_file"),
]
