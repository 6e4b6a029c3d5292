"""The saved views above a list, and what can be done about the one that is shown."""

import dataclasses
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from stores import saved_views
from stores.addresses import VIEW, at
from stores.models import SavedView


@dataclasses.dataclass(frozen=True)
class Link:
    """A tab or a deed; a deed opens a dialog or, without one, another address of the list."""

    label: str
    url: str
    key: int | str = ""
    active: bool = False
    shared: bool = False
    dialog: bool = True


class ListViews:
    """The views of a list page, for the member who looks at it; read in one query."""

    def __init__(self, page: Any):
        self.page = page
        self.request = page.request

    @cached_property
    def kept(self) -> list[SavedView]:
        return list(saved_views.visible(self.request.member, self.page.list_name))

    @cached_property
    def current(self) -> SavedView | None:
        """The view that the address names, whatever else was changed since."""
        named = self.request.GET.get(VIEW, "")
        return next((view for view in self.kept if str(view.pk) == named), None)

    def tabs(self) -> list[Link]:
        if not self.kept:
            return []
        everything = Link(_("All"), self._path, key="all", active=self.current is None)
        return [everything, *map(self._tab, self.kept)]

    def deeds(self) -> list[Link]:
        """What can be done about what is shown now."""
        page, view = self.page, self.current
        if page.filters.refused:
            return []
        if view is None:
            is_plain = page.order_by == page.default_sort and not page.filters.active
            return [] if is_plain else [Link(_("Save view"), self._page("add_view"))]
        if page.state == view.query:
            return []
        return [
            *self._replacing(view),
            Link(_("Save as new"), self._page("add_view")),
            Link(_("Discard"), self._tab(view).url, dialog=False),
        ]

    def edit_url(self) -> str:
        """Where the view that is shown is renamed, shared and deleted, by who may."""
        view = self.current
        if view is None or not saved_views.may_change(view, self.request.member):
            return ""
        return self._page("view", view.pk)

    def columns_url(self) -> str:
        return self._page("columns")

    def _tab(self, view: SavedView) -> Link:
        url, active = view_url(self._path, view), view == self.current
        return Link(view.name, url, key=view.pk, active=active, shared=view.is_shared)

    def _replacing(self, view: SavedView) -> list[Link]:
        if not saved_views.may_change(view, self.request.member):
            return []
        return [Link(_("Save changes"), self._page("replacement", view.pk))]

    @property
    def _path(self) -> str:
        return reverse(self.page.list_name, args=[self.request.store.slug])

    def _page(self, name: str, *keys: int) -> str:
        """A page about this list, which is told what the list shows."""
        args = [self.request.store.slug, self.page.list_name, *keys]
        return at(reverse(f"lists:{name}", args=args), self.page.address.kept())


def view_url(path: str, view: SavedView) -> str:
    """Where a view of the list at `path` is opened."""
    return f"{path}?{view.query}&{VIEW}={view.pk}"
