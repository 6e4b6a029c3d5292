"""All addresses."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from storeadmin.views import healthz
from stores.views import Home

# The admin's own sign-in knows no throttling.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("healthz", healthz, name="healthz"),
    path("stores/<slug:slug>/customers/", include("customers.urls")),
    path("stores/<slug:slug>/", include("products.urls")),
    path("accounts/", include("storeadmin.accounts")),
    path("admin/", admin.site.urls),
]
