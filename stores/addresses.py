"""The address of a list: sort, filters and place stand in it, and its links keep them."""

import dataclasses
import re
from typing import Any

from django.http import HttpRequest, QueryDict

from stores.paging import MAX_PAGE, KeyPage, KeyPaginator

PER_PAGE = (25, 50, 100)
PLACE = ("page", "after", "before")
LAST = "last"
VIEW = "view"
COLUMNS = "columns"
KEPT = "per_page"


@dataclasses.dataclass(frozen=True)
class ListAddress:
    """What the address of a request says about a list, and the addresses near it."""

    request: HttpRequest

    @property
    def per_page(self) -> int:
        """As many as the address says, else as were wanted last."""
        return self._wanted_per_page or self.request.session.get(KEPT, PER_PAGE[1])

    def remember(self) -> None:
        """Keep how many rows a page is to have, for the lists that come."""
        wanted = self._wanted_per_page
        if wanted and wanted != self.request.session.get(KEPT, PER_PAGE[1]):
            self.request.session[KEPT] = wanted

    @property
    def _wanted_per_page(self) -> int | None:
        wanted = self.request.GET.get("per_page", "")
        return next((number for number in PER_PAGE if str(number) == wanted), None)

    def page(self, paginator: KeyPaginator) -> KeyPage:
        """The page that is asked for. Raises PageBeyond."""
        wanted = self.request.GET
        if wanted.get("page") == LAST:
            return paginator.last()
        number = page_number(wanted.get("page", ""))
        return paginator.page(
            number, after=wanted.get("after", ""), before=wanted.get("before", "")
        )

    @property
    def until(self) -> int:
        """How many rows are passed to the end of the page that is asked for: all those before it
        where it is asked for by its number alone.
        """
        wanted = self.request.GET
        by_key = wanted.get("after") or wanted.get("before")
        number = None if by_key else page_number(wanted.get("page", ""))
        return (number or 1) * self.per_page

    @property
    def columns(self) -> list[str]:
        """The columns that the address names, known or not."""
        return [name for name in self.request.GET.get(COLUMNS, "").split(".") if name]

    def query(self) -> QueryDict:
        """The parameters that say something, and how many rows a page has where that is one's own
        choice: a link gives everybody the same page.
        """
        query = self.request.GET.copy()
        for name in [name for name in query if not query[name]]:
            del query[name]
        if self.per_page != PER_PAGE[1]:
            query["per_page"] = str(self.per_page)
        return query

    def url(self, *, without: str = "", **place: Any) -> str:
        """The address of this list at another place; sort and filters stay."""
        query = self.kept(without)
        for name, value in place.items():
            if value:
                query[name] = value
        return at(self.request.path, query)

    def kept(self, *without: str) -> QueryDict:
        """What the address says, wherever in the list one is."""
        query = self.query()
        for name in (*PLACE, *without):
            query.pop(name, None)
        return query

    def of_rows(self, sort: str) -> str:
        """What the addresses of rows carry, so that their pages know the list."""
        query = self.kept("per_page", VIEW, COLUMNS)
        query["sort"] = sort
        return f"?{query.urlencode()}"

    def links(self, page: KeyPage) -> dict[str, Any]:
        """What the pager shows."""
        number = page.number
        before: dict[str, Any] = {"page": number and number - 1, "before": page.first_token}
        after: dict[str, Any] = {"page": number and number + 1, "after": page.last_token}
        return {
            "links": {
                "first": self.url(),
                "previous": self.url(**before) if page.has_previous else None,
                "next": self.url(**after) if page.has_next else None,
                "last": self.url(page=page.num_pages or LAST),
            },
            "per_page_links": [
                {
                    "number": wanted,
                    "url": self.url(per_page=wanted),
                    "active": wanted == self.per_page,
                }
                for wanted in PER_PAGE
            ],
            "jump": [(name, value) for name, value in self.query().items() if name not in PLACE],
        }


def at(path: str, query: QueryDict) -> str:
    """An address, without a question mark where there is nothing behind it."""
    return f"{path}?{query.urlencode()}" if query else path


def page_number(text: str) -> int | None:
    """A page number as typed; None where it is no number, which shows the first page."""
    digits = text.replace(",", "").strip()
    if not re.fullmatch(r"[0-9]{1,18}", digits, re.ASCII):
        return None
    return min(max(int(digits), 1), MAX_PAGE)
