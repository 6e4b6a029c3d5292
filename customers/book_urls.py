"""Addresses of the books, within a store."""

from django.urls import path

from customers.views import books

app_name = "books"
urlpatterns = [
    path("", books.Books.as_view(), name="books"),
    path("check/", books.BooksCheck.as_view(), name="check"),
]
