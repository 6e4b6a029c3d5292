"""Addresses of selling, within a store."""

from django.urls import URLPattern, URLResolver, include, path

from sales import views

Addresses = list[URLPattern | URLResolver]

purchases: Addresses = [
    path("", views.PurchaseList.as_view(), name="purchases"),
    path("<key:purchase>/", views.PurchasePage.as_view(), name="purchase"),
    path("<key:purchase>/return/", views.ReturnPurchase.as_view(), name="return"),
]
keys: Addresses = [
    path("", views.Key.as_view(), name="key"),
    path("revocation/", views.KeyRevocation.as_view(), name="key_revocation"),
]

app_name = "sales"
urlpatterns = [
    path("purchases/", include(purchases)),
    path("vendors/<key:vendor>/key/", include(keys)),
    path(
        "customers/<key:pk>/products/<key:product>/delivery/",
        views.Redeliver.as_view(),
        name="redeliver",
    ),
    path(
        "customers/<key:pk>/deliveries/",
        views.CustomerDeliveries.as_view(),
        name="customer_deliveries",
    ),
]
