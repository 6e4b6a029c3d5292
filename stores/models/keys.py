"""Keys whose pair with the store another constraint checks."""

from typing import Any, TypeVar

from django.db import models

from stores.nouns import Words

Row = TypeVar("Row", bound=models.Model)


def checked_key(to: type[Row], name: Words, **options: Any) -> models.ForeignKey[Row, Row]:
    """A key to a row of the same store, which has no way back to it. `SameStore` and unique pairs
    check and find it: it needs neither a constraint nor an index of its own.
    """
    return models.ForeignKey(
        to,
        verbose_name=name,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        **options,
    )
