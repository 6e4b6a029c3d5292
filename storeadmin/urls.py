"""All addresses."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from storeadmin.exports_page import Exports
from storeadmin.help import Help, HelpTopic, StoreHelp, StoreHelpTopic
from storeadmin.settings_page import StoreSettings
from storeadmin.views import healthz
from stores.views import Home
from stores.views.invitations import AcceptInvitation
from stores.views.styleguide import Styleguide, StyleguideForm

# The admin's own sign-in knows no throttling.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler500 = "storeadmin.views.mistake"
urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("healthz", healthz, name="healthz"),
    path("help/", Help.as_view(), name="help"),
    path("help/<slug:topic>/", HelpTopic.as_view(), name="help_topic"),
    path("stores/<slug:slug>/customers/", include("customers.urls")),
    path("stores/<slug:slug>/batches/", include("stores.batch_urls")),
    path("stores/<slug:slug>/loyalty/", include("loyalty.urls")),
    path("stores/<slug:slug>/", include("products.urls")),
    path("stores/<slug:slug>/", include("sales.urls")),
    path("stores/<slug:slug>/books/", include("customers.book_urls")),
    path("stores/<slug:slug>/help/", StoreHelp.as_view(), name="store_help"),
    path(
        "stores/<slug:slug>/help/<slug:topic>/", StoreHelpTopic.as_view(), name="store_help_topic"
    ),
    path("stores/<slug:slug>/exports/", Exports.as_view(), name="exports"),
    path("stores/<slug:slug>/exports/", include("customers.export_urls")),
    path("stores/<slug:slug>/exports/", include("sales.export_urls")),
    path("stores/<slug:slug>/sales/import/", include("sales.import_urls")),
    path("stores/<slug:slug>/lists/", include("stores.list_urls")),
    path("stores/<slug:slug>/members/", include("stores.member_urls")),
    path("stores/<slug:slug>/settings/", StoreSettings.as_view(), name="settings"),
    path("invitations/<str:token>/", AcceptInvitation.as_view(), name="invitation"),
    path("styleguide/", Styleguide.as_view(), name="styleguide"),
    path("styleguide/form/", StyleguideForm.as_view(), name="styleguide_form"),
    path("accounts/", include("storeadmin.accounts")),
    path("api/v1/", include("sales.api.urls")),
    path("admin/", admin.site.urls),
]
