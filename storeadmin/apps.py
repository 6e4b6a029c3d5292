"""The app `storeadmin`."""

from django.apps import AppConfig


class StoreadminConfig(AppConfig):
    name = "storeadmin"
