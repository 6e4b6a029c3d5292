"""The columns of a list and how close its rows stand: as the address or else the person says."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

from stores import looks
from stores.addresses import ListAddress
from stores.looks import Look
from stores.tables import Table

from .base import StoreView


class ColumnsView(StoreView):
    """A view of a table whose look is remembered for the person under `list_name`."""

    list_name = ""
    table_class: type[Table]

    @cached_property
    def address(self) -> ListAddress:
        return ListAddress(self.request)

    @cached_property
    def look(self) -> Look:
        return looks.look_of(self.request.member, self.list_name)

    @cached_property
    def names_columns(self) -> bool:
        """Whether the address says which columns are shown, so that the person's choice does not
        count.
        """
        known = {self.table_class.lead(), *self.table_class.optional()}
        return not known.isdisjoint(self.address.columns)

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """The columns that are not shown."""
        optional = self.table_class.optional()
        if self.names_columns:
            return tuple(name for name in optional if name not in self.address.columns)
        return tuple(name for name in optional if name in self.look.hidden)

    def for_shown(self, columns: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """Of what each of the columns has to be computed from, what those need that are shown."""
        shown = [name for name in columns if name not in self.hidden]
        return {alias: part for name in shown for alias, part in columns[name].items()}


def columns_said(table_class: type[Table], hidden: Collection[str]) -> str:
    """The columns that are shown, as an address names them; never nothing."""
    shown = [name for name in table_class.optional() if name not in hidden]
    return ".".join([table_class.lead(), *shown])
