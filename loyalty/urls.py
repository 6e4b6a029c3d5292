"""Addresses of loyalty, within a store."""

from django.urls import path

from loyalty import views

app_name = "loyalty"
urlpatterns = [
    path("", views.Tiers.as_view(), name="tiers"),
    path("tiers/none/", views.TierlessCustomers.as_view(), name="no_tier"),
    path("tiers/<key:tier>/", views.TierCustomers.as_view(), name="tier"),
    path("kept/", views.ClearKept.as_view(), name="kept"),
    path("quote/", views.QuotePage.as_view(), name="quote"),
    path("quotes/<uuid:quote>/", views.Stored.as_view(), name="stored"),
    path("purchases/<key:purchase>/", views.Sold.as_view(), name="sold"),
    path("customers/<key:pk>/", views.CustomerDiscount.as_view(), name="customer"),
    path("coupons/", views.CouponList.as_view(), name="coupons"),
    path("coupons/add/", views.AddCoupon.as_view(), name="add_coupon"),
    path("coupons/<key:coupon>/", views.EditCoupon.as_view(), name="coupon"),
    path("people/", views.People.as_view(), name="people"),
]
