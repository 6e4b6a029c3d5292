"""Parts of addresses, registered once for all packages."""

from django.urls import register_converter


class Key:
    """A primary key: digits that fit the database."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Key, "key")
