"""The addresses of the program, those of its pages by hand, and those of peers."""

from django.urls import path

from benchmarks import bare, bare_found, bare_person, bare_sales, peer_pages
from storeadmin.urls import urlpatterns as ours

urlpatterns = [
    path("bare/<slug:slug>/customers/", bare.customers),
    path("bare/<slug:slug>/filtered/", bare_found.filtered),
    path("bare/<slug:slug>/searched/", bare_found.searched),
    path("bare/<slug:slug>/purchases/", bare_sales.purchases),
    path("bare/<slug:slug>/customers/<int:key>/profile/", bare_person.profile),
    path("bare/<slug:slug>/customers/<int:key>/credit/", bare_person.credit),
    path("peers/delivered/", peer_pages.delivered.urls),
    path("peers/tuned/", peer_pages.tuned.urls),
    path("peers/<slug:slug>/table/", peer_pages.PlainTable.as_view()),
    path("peers/<slug:slug>/summed/", peer_pages.SummedAtRead.as_view()),
    *ours,
]
