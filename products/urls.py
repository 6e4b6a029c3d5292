"""Addresses of products, within a store."""

from django.urls import path

from products.views import ProductNames

app_name = "products"
urlpatterns = [path("names/", ProductNames.as_view(), name="names")]
