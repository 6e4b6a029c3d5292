"""Every list with some of its columns hidden: those that are left say what they said before."""

import pytest
from django.urls import reverse

from stores.tables import TICK
from stores.views.lists import LISTS
from tests.doors import pages
from tests.doors.routes import all_routes
from tests.doors.world import World


def cells(world: World, name: str, columns: list[str]) -> dict[str, list[str]]:
    """What each of the columns shows, from top to bottom."""
    path = reverse(name, args=[world.own.store.slug])
    answer = world.ask("viewer", "GET", path, {"columns": ".".join(columns)})
    assert answer.status_code == 200
    body = pages.read(answer).one("div", id="results").one("tbody")
    rows = [[cell.text for cell in row.all("td")] for row in body.all("tr")]
    assert rows, f"nothing is listed at {path}"
    assert {len(row) for row in rows} == {len(columns)}
    return dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))


# What was put away is listed as what was not, and none of it is there.
PUT_AWAY = {"customers:archived", "products:deleted", "products:retired"}
NAMES = [route.name for route in all_routes() if route.name in LISTS]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in PUT_AWAY])
def test_each_column_alone_says_what_it_says_among_all(world, name):
    table = LISTS[name].table_class
    lead, optional = table.lead(), list(table.optional())
    whole = cells(world, name, [lead, *optional])

    alone = {column: cells(world, name, [lead, column]) for column in optional}

    assert alone == {column: {lead: whole[lead], column: whole[column]} for column in optional}
    assert cells(world, name, [lead]) == {lead: whole[lead]}
    assert TICK not in (lead, *optional)
