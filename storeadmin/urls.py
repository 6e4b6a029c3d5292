"""All addresses."""

from django.contrib import admin
from django.urls import include, path

from storeadmin.views import healthz
from stores.views import Home

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("healthz", healthz, name="healthz"),
    path("stores/<slug:slug>/customers/", include("customers.urls")),
    path("stores/<slug:slug>/products/", include("products.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
