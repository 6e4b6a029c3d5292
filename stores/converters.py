"""Parts of addresses."""


class Key:
    """A primary key: digits that fit the database."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
