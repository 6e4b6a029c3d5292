"""The app `stores`."""

from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "stores"

    def ready(self) -> None:
        from stores import checks, converters  # noqa: F401  register themselves; need the apps
