"""Addresses of the exports for the accountant and of the dashboard, within a store."""

from django.urls import path

from sales import views

app_name = "accountant"
urlpatterns = [
    path("sales/", views.SaleExport.as_view(), name="sales"),
    path("sales.csv", views.SaleExport.as_view(as_file=True), name="sales_file"),
    path("best-customers/", views.BestCustomerExport.as_view(), name="best_customers"),
    path(
        "best-customers.csv",
        views.BestCustomerExport.as_view(as_file=True),
        name="best_customers_file",
    ),
    path("best-products/", views.BestProductExport.as_view(), name="best_products"),
    path(
        "best-products.csv",
        views.BestProductExport.as_view(as_file=True),
        name="best_products_file",
    ),
]
