"""The app `stores`."""

from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "stores"
