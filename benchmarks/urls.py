"""The addresses of the program, and those of its pages by hand."""

from django.urls import path

from benchmarks import bare, bare_found, bare_person, bare_sales
from storeadmin.urls import urlpatterns as ours

urlpatterns = [
    path("bare/<slug:slug>/customers/", bare.customers),
    path("bare/<slug:slug>/filtered/", bare_found.filtered),
    path("bare/<slug:slug>/searched/", bare_found.searched),
    path("bare/<slug:slug>/purchases/", bare_sales.purchases),
    path("bare/<slug:slug>/customers/<int:key>/profile/", bare_person.profile),
    path("bare/<slug:slug>/customers/<int:key>/credit/", bare_person.credit),
    *ours,
]
