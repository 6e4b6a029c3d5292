"""Addresses of the exports of purchases and credit, within a store."""

from django.urls import path

from customers import views

app_name = "exports"
urlpatterns = [
    path("purchases/", views.PurchaseExport.as_view(), name="purchases"),
    path("purchases.csv", views.PurchaseExport.as_view(as_file=True), name="purchases_file"),
    path("credit/", views.EntryExport.as_view(), name="credit"),
    path("credit.csv", views.EntryExport.as_view(as_file=True), name="credit_file"),
]
