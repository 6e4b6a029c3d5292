"""Addresses of selling, within a store."""

from django.urls import URLPattern, URLResolver, include, path

from sales import views

Addresses = list[URLPattern | URLResolver]

purchases: Addresses = [
    path("", views.PurchaseList.as_view(), name="purchases"),
    path("<key:purchase>/", views.PurchasePage.as_view(), name="purchase"),
    path("<key:purchase>/return/", views.ReturnPurchase.as_view(), name="return"),
]
deliveries: Addresses = [
    path("", views.DeliveryList.as_view(), name="deliveries"),
    path("send/", views.SendProduct.as_view(), name="send"),
    path("bulk/", views.BulkRedelivery.as_view(), name="bulk_redelivery"),
    path("retry/", views.RetryAll.as_view(), name="retry_all"),
    path("<key:delivery>/", views.DeliveryPage.as_view(), name="delivery"),
    path("<key:delivery>/retry/", views.RetryDelivery.as_view(), name="retry"),
]
payments: Addresses = [
    path("", views.PayoutList.as_view(), name="payments"),
    path("days/", views.PaymentDays.as_view(), name="payment_days"),
    path("<key:payout>/", views.PayoutPage.as_view(), name="payment"),
    path("<key:payout>/retry/", views.RetryPayout.as_view(), name="retry_payment"),
    path("<key:payout>/paid/", views.MarkPaid.as_view(), name="mark_paid"),
]
dashboard: Addresses = [
    path("", views.Dashboard.as_view(), name="dashboard"),
    path("customers/", views.BestCustomers.as_view(), name="best_customers"),
    path("products/", views.BestProducts.as_view(), name="best_products"),
    path("tiers/", views.CustomerTiers.as_view(), name="customer_tiers"),
]
customers: Addresses = [
    path("months/", views.CustomerMonths.as_view(), name="customer_months"),
    path("deliveries/", views.CustomerDeliveries.as_view(), name="customer_deliveries"),
    path("products/<key:product>/delivery/", views.Redeliver.as_view(), name="redeliver"),
]
keys: Addresses = [
    path("", views.Key.as_view(), name="key"),
    path("revocation/", views.KeyRevocation.as_view(), name="key_revocation"),
]

app_name = "sales"
urlpatterns = [
    path("dashboard/", include(dashboard)),
    path("purchases/", include(purchases)),
    path("deliveries/", include(deliveries)),
    path("payments/", include(payments)),
    path("customers/<key:pk>/", include(customers)),
    path("vendors/<key:vendor>/key/", include(keys)),
]
