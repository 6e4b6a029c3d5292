"""The style guide: the shared parts on one page for whoever works on the look; nowhere without DEBUG."""

import pytest
from django.test import Client

from stores import styleguide
from stores.models import State
from tests.doors.pages import read
from tests.factories import make_user

pytestmark = pytest.mark.django_db
URL = "/styleguide/"
FORM = "/styleguide/form/"
CSS = """:root,
[data-bs-theme] {
  --ink: light-dark(#000, #fff);
  --shadow: 0 0 0 1px light-dark(#000, #fff),
    0 4px 10px light-dark(#000, #fff);
  --tblr-border-radius: 7px;
}

.other {
  --page: light-dark(#fff, #000);
}
"""


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user())
    return client


@pytest.fixture
def with_debug(settings) -> None:
    settings.DEBUG = True


@pytest.mark.parametrize("url", [URL, FORM])
@pytest.mark.parametrize("method", ["get", "post"])
def test_it_is_nowhere_without_debug(client, url, method):
    assert getattr(client, method)(url).status_code == 404


@pytest.mark.usefixtures("with_debug")
class TestWithDebug:
    @pytest.mark.parametrize("url", [URL, FORM])
    def test_who_is_not_signed_in_is_led_to_the_door(self, url):
        assert Client().get(url).headers["Location"].startswith("/accounts/login/")

    def test_it_needs_no_row_of_ours(self, client, django_assert_num_queries):
        with django_assert_num_queries(2):  # the session and the user
            assert client.get(URL).status_code == 200

    def test_it_shows_every_state_and_its_progress(self, client):
        page = read(client.get(URL))

        shown = [node.attrs["class"] for node in page.all("span", class_="state")]
        assert {f"state state-{state.value}" for state in State} == set(shown)
        bars = [(bar.attrs.get("value"), bar.attrs.get("max")) for bar in page.all("progress")]
        assert bars == [(None, None), ("0", "1204"), ("420", "1204")]

    def test_amounts_are_written_as_everywhere(self, client):
        table = read(client.get(URL)).one("table", class_="list-table")

        spent = [row.all("td")[2].text for row in table.one("tbody").all("tr")]
        assert spent == ["L$9,876,543", "L$1,250", "L$40", "L$0", "\N{MINUS SIGN}L$480"]

    def test_it_is_sorted_by_its_heads(self, client):
        answer = client.get(
            f"{URL}?sort=spent", headers={"HX-Request": "true", "HX-Target": "results"}
        )

        page = read(answer)
        assert page.one("th", aria_sort="ascending").text == "Spent"
        assert page.one("tbody").all("tr")[0].all("td")[1].text.endswith("returned.more")
        assert page.all("html") == []

    def test_the_form_says_what_it_cannot_take(self, client):
        page = read(client.get(URL))

        assert (
            page.one("div", class_="form-errors").one("strong").text
            == "2 things need your attention"
        )
        assert "Enter a whole number from 0 to 100." in page.text

    def test_a_form_that_is_sent_is_said_with_undo_and_keeps_nothing(self, client, unchanged):
        typed = {"username": "anna.bell", "reason": "gift"}
        with unchanged():
            answer = client.post(FORM, typed, headers={"HX-Request": "true"})

        assert answer.status_code == 204
        assert '"anna.bell was saved."' in answer.headers["HX-Trigger"]
        assert f'"url": "{FORM}?toast=undone"' in answer.headers["HX-Trigger"]

    def test_a_form_that_cannot_be_taken_is_shown_again(self, client):
        page = read(client.post(FORM, {"reason": "gift"}))

        assert page.one("form", action=FORM).error("username") == "This field is required."


def test_custom_properties_are_read_from_the_first_block():
    assert styleguide.colours(CSS) == ["--ink"]
    assert styleguide.measures(CSS) == {"--tblr-border-radius": "7px"}
