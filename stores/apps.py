"""The app `stores`."""

from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "stores"

    def ready(self) -> None:
        from stores import checks  # noqa: F401  registers itself; needs the apps
