"""Addresses of customers, within a store."""

from django.urls import path

from customers import views

app_name = "customers"
urlpatterns = [
    path("", views.CustomerList.as_view(), name="list"),
    path("archived/", views.ArchivedCustomers.as_view(), name="archived"),
    path("add/", views.AddCustomer.as_view(), name="add"),
    path("credit/", views.BulkCredit.as_view(), name="bulk_credit"),
    path("find/", views.FindCustomers.as_view(), name="find"),
    path("export/", views.CustomerExport.as_view(), name="export"),
    path("export.csv", views.CustomerExport.as_view(as_file=True), name="export_file"),
    path("import/", views.ImportFile.as_view(), name="import"),
    path("import/<key:upload>/", views.ImportColumns.as_view(), name="import_columns"),
    path("<key:pk>/", views.Profile.as_view(), name="profile"),
    path("<key:pk>/name/", views.EditName.as_view(), name="name"),
    path("<key:pk>/archive/", views.Archive.as_view(), name="archive"),
    path("<key:pk>/unarchive/", views.Unarchive.as_view(), name="unarchive"),
    path("<key:pk>/ban/", views.BanCustomer.as_view(), name="ban"),
    path("<key:pk>/ban/end/", views.LiftBan.as_view(), name="ban_end"),
    path("<key:pk>/picture/<str:name>", views.Picture.as_view(), name="picture"),
    path("<key:pk>/products/", views.OwnedProducts.as_view(), name="products"),
    path("<key:pk>/products/<key:product>/removal/", views.Removal.as_view(), name="removal"),
    path(
        "<key:pk>/products/<key:product>/restoration/",
        views.Restoration.as_view(),
        name="restoration",
    ),
    path("<key:pk>/purchases/", views.Purchases.as_view(), name="purchases"),
    path("<key:pk>/credit/", views.CreditEntries.as_view(), name="credit"),
    path("<key:pk>/credit/addition/", views.AddCredit.as_view(), name="addition"),
    path("<key:pk>/credit/deduction/", views.DeductCredit.as_view(), name="deduction"),
    path("<key:pk>/credit/<key:entry>/reversal/", views.ReverseEntry.as_view(), name="reversal"),
    path("<key:pk>/credit/statement/", views.CreditStatement.as_view(), name="statement"),
    path("<key:pk>/credit/statement.csv", views.StatementFile.as_view(), name="statement_file"),
]
