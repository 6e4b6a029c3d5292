"""Addresses of the import of sales, within a store."""

from django.urls import path

from sales import views

app_name = "sales_import"
urlpatterns = [
    path("", views.ImportFile.as_view(), name="file"),
    path("<key:upload>/", views.ImportColumns.as_view(), name="columns"),
    path("products/<key:batch>/", views.ImportProducts.as_view(), name="products"),
]
