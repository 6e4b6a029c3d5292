"""The addresses of the program, and those of its pages by hand."""

from django.urls import path

from benchmarks import bare
from storeadmin.urls import urlpatterns as ours

urlpatterns = [path("bare/<slug:slug>/customers/", bare.customers), *ours]
