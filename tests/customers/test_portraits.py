"""Pictures that are looked up at Second Life, against a service over real HTTP that the test holds in its hand."""

import datetime as dt
import io
import uuid

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from PIL import Image

from customers import portraits, profiles, residents, tasks
from customers.models import Customer, Portrait
from stores import pictures
from stores.models import AuditEntry
from tests.changes import undone
from tests.doors.pages import body, read
from tests.factories import make_customer, make_member, make_plain_store, make_store, set_window
from tests.fake_http import FakeServer, says
from tests.imported import held, imported

pytestmark = pytest.mark.django_db
KNOWN = uuid.UUID("4f2b0c1e-8d3a-4c55-9b1e-2f6a7d8c9e01")
FIRST = uuid.UUID("aaaaaaaa-0000-4000-8000-000000000001")
SECOND = uuid.UUID("aaaaaaaa-0000-4000-8000-000000000002")
NOBODY = uuid.UUID(int=0)
DAY = dt.timedelta(days=1)


def jpeg(colour: str = "teal") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (256, 192), colour).save(written, "JPEG")
    return written.getvalue()


def page(image: object) -> bytes:
    return f"""<!DOCTYPE html><html><head><title>Anna (anna)</title>
    <META content="{image}" name="imageid" /><meta name="mat" content="M"></head>
    <body><p>&lt;meta name="imageid" content="{NOBODY}"&gt;</p></body></html>""".encode()


class Service:
    """Both services at one address: what each path answers, by default not found."""

    def __init__(self):
        self.answers = {}
        self.server = FakeServer(self.answer)

    def answer(self, connection, request):
        self.answers.get(request.path, says(404, b"no"))(connection, request)

    def shows(self, resident, image, picture: bytes | None = None) -> None:
        self.answers[f"/resident/{resident}"] = says(200, page(image))
        self.answers[f"/{image}/256x192.jpg"] = says(200, jpeg() if picture is None else picture)

    @property
    def asked(self) -> list[str]:
        return [request.path for request in self.server.asked]


@pytest.fixture
def service(settings):
    service = Service()
    with service.server as server:
        settings.RESIDENT_PAGES = f"http://127.0.0.1:{server.port}/resident/"
        settings.RESIDENT_PICTURES = f"http://127.0.0.1:{server.port}/"
        settings.OUTGOING_HOSTS = [f"127.0.0.1:{server.port}"]
        yield service


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    return tmp_path


@pytest.fixture
def store():
    store = make_store("lamps")
    set_window(store, store.today())
    return store


@pytest.fixture
def anna(store):
    return make_customer(store, "anna", uuid=KNOWN)


@pytest.fixture
def clerk(store):
    client = Client()
    client.force_login(make_member(store, "clerk").user)
    return client


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Runs a function, and what waits for the commit."""

    def run(function, **options):
        with django_capture_on_commit_callbacks(execute=True):
            return function(**options)

    return run


def fresh(customer) -> Customer:
    return Customer.objects.select_related("store", "portrait").get(pk=customer.pk)


def look_up(customer) -> str:
    return portraits.look_up(customer=fresh(customer))


def files(media) -> list[str]:
    return sorted(path.name for path in media.rglob("*.webp"))


def queued() -> int:
    return DBTaskResult.objects.count()


def upload(customer, **options):
    opened = {"opened": {}, "fields": {}, "by": None}
    picture = pictures.read(SimpleUploadedFile("a.jpg", jpeg("red")))
    return profiles.edit_with_picture(
        customer=customer, **{"picture": picture, **opened, **options}
    )


def age(customer, days: float) -> None:
    Portrait.objects.filter(customer=customer).update(looked_at=timezone.now() - days * DAY)


# What is looked up


def test_a_picture_is_found_and_kept_small(service, anna, clerk, media):
    service.shows(KNOWN, FIRST)

    assert look_up(anna) == "found"

    row = fresh(anna)
    assert service.asked == [f"/resident/{KNOWN}", f"/{FIRST}/256x192.jpg"]
    assert (row.portrait.state, row.portrait.image) == ("found", FIRST)
    assert row.portrait.file == row.picture.name
    assert files(media) == [row.picture.name.rpartition("/")[2]]
    shown = read(clerk.get(anna.get_absolute_url())).one("img", class_="avatar-lg")["src"]
    with Image.open(io.BytesIO(body(clerk.get(shown)))) as small:
        assert (small.format, small.size) == ("WEBP", (256, 256))
    (entry,) = AuditEntry.objects.filter(action="customer.picture")
    assert (entry.by, entry.subject_id, entry.changes) == (
        None,
        anna.pk,
        {"picture": [False, True]},
    )


@pytest.mark.parametrize("image", [NOBODY, "not found"])
def test_who_has_no_picture_keeps_the_initials(service, anna, clerk, image):
    if image == NOBODY:
        service.shows(KNOWN, NOBODY)

    assert look_up(anna) == "none"

    assert service.asked == [f"/resident/{KNOWN}"]
    assert read(clerk.get(anna.get_absolute_url())).all("img") == []


FAILURES = {
    "page fails": (says(500), None),
    "page moved": (says(302, headers="Location: /elsewhere\r\n"), None),
    "page is forbidden": (says(403), None),
    "page without picture": (says(200, b"<html><meta name=imageid></html>"), None),
    "page names nonsense": (says(200, page("../../admin")), None),
    "page is no page": (says(200, b"\xff\xfe\x00<meta name='imageid' content='\x00'"), None),
    "page closes": (says(200, b"<html>", length=100), None),
    "no such picture": (says(200, page(FIRST)), says(404)),
    "picture fails": (says(200, page(FIRST)), says(503)),
    "picture is none": (says(200, page(FIRST)), says(200, b"<html>sorry</html>")),
    "picture is empty": (says(200, page(FIRST)), says(200, b"")),
    "picture is cut": (says(200, page(FIRST)), says(200, jpeg()[:200])),
    "picture is huge": (says(200, page(FIRST)), says(200, bytes(3 << 20))),
    "picture closes": (says(200, page(FIRST)), says(200, jpeg(), length=90_000)),
}


@pytest.mark.parametrize(("resident", "picture"), FAILURES.values(), ids=FAILURES)
def test_what_fails_is_written_down_and_changes_nothing_else(
    service, anna, clerk, media, resident, picture
):
    service.answers = {f"/resident/{KNOWN}": resident, f"/{FIRST}/256x192.jpg": picture}

    assert look_up(anna) == "failed"

    row = fresh(anna)
    assert (row.portrait.state, row.portrait.file, row.picture.name) == ("failed", "", "")
    assert files(media) == []
    assert clerk.get(anna.get_absolute_url()).status_code == 200


def test_a_service_that_is_not_there_is_left_alone_for_a_while(service, store, anna, settings):
    service.answers[f"/resident/{KNOWN}"] = says(503)
    bert = make_customer(store, "bert", uuid=uuid.uuid4())

    said = [tasks.look_up_portrait.call(one.pk) for one in (anna, bert)]
    cache.delete(portraits.AWAY)
    said.append(tasks.look_up_portrait.call(bert.pk))

    assert said == ["failed", "", "none"]
    assert len(service.asked) == 2


def test_hosts_that_nobody_allowed_are_not_asked(service, anna, settings):
    service.shows(KNOWN, FIRST)
    settings.OUTGOING_HOSTS = []

    assert look_up(anna) == "failed"

    assert service.asked == []


# Again, later


def test_the_same_picture_is_not_fetched_twice(service, anna, media):
    service.shows(KNOWN, FIRST)
    look_up(anna)
    before = fresh(anna)
    age(anna, 31)

    assert look_up(anna) == "found"

    row = fresh(anna)
    assert (row.picture.name, files(media)) == (before.picture.name, files(media)[:1])
    assert service.asked.count(f"/{FIRST}/256x192.jpg") == 1
    assert timezone.now() - row.portrait.looked_at < DAY


def test_another_picture_takes_its_place(service, anna, media, committed):
    service.shows(KNOWN, FIRST)
    committed(look_up, customer=anna)
    old = fresh(anna).picture.name
    service.shows(KNOWN, SECOND, jpeg("red"))

    committed(look_up, customer=anna)

    row = fresh(anna)
    assert row.picture.name != old
    assert (row.portrait.image, row.portrait.file) == (SECOND, row.picture.name)
    assert files(media) == [row.picture.name.rpartition("/")[2]]


def test_a_picture_that_is_gone_goes(service, anna, media, committed):
    service.shows(KNOWN, FIRST)
    committed(look_up, customer=anna)
    service.shows(KNOWN, NOBODY)

    assert committed(look_up, customer=anna) == "none"

    row = fresh(anna)
    assert (row.picture.name, row.portrait.file, row.portrait.image) == ("", "", None)
    assert files(media) == []


def test_a_failure_keeps_the_picture_that_was_found(service, anna, media):
    service.shows(KNOWN, FIRST)
    look_up(anna)
    before = files(media)
    service.answers[f"/resident/{KNOWN}"] = says(500)

    assert look_up(anna) == "failed"

    row = fresh(anna)
    assert (row.portrait.file, files(media)) == (row.picture.name, before)
    assert portraits.is_uploaded(row, row.portrait) is False


# An upload wins


def test_an_upload_is_never_looked_over(service, anna, media):
    service.shows(KNOWN, FIRST)
    upload(anna)

    assert portraits.is_due(fresh(anna)) is False
    assert look_up(anna) == ""

    assert not Portrait.objects.exists()
    assert len(files(media)) == 1


def test_an_upload_takes_the_place_of_what_was_found(service, anna, media, committed):
    service.shows(KNOWN, FIRST)
    look_up(anna)
    committed(upload, customer=anna)
    age(anna, 100)

    assert portraits.is_due(fresh(anna)) is False
    assert not Portrait.objects.exists()
    assert files(media) == [fresh(anna).picture.name.rpartition("/")[2]]


def test_an_upload_that_comes_while_it_is_looked_up_wins(service, anna, media, monkeypatch):
    service.shows(KNOWN, FIRST)
    fetch = residents.picture_of

    def fetch_and_upload(image):
        found = fetch(image)
        upload(anna)
        return found

    monkeypatch.setattr(residents, "picture_of", fetch_and_upload)

    assert look_up(anna) == ""
    assert portraits.is_uploaded(fresh(anna), None)
    assert len(files(media)) == 1


def test_an_upload_that_is_taken_away_makes_room(service, anna, committed):
    service.shows(KNOWN, FIRST)
    look_up(anna)
    upload(anna)
    upload(anna, picture=None, clear_picture=True)

    assert portraits.is_due(fresh(anna)) is True
    assert look_up(anna) == "found"
    assert fresh(anna).picture.name


def test_what_was_found_and_taken_away_comes_back_only_as_another(service, anna, media, committed):
    service.shows(KNOWN, FIRST)
    look_up(anna)
    committed(upload, customer=anna, picture=None, clear_picture=True)

    assert portraits.is_due(fresh(anna)) is False
    age(anna, 31)
    assert look_up(anna) == "found"
    assert (fresh(anna).picture.name, files(media)) == ("", [])

    service.shows(KNOWN, SECOND)
    look_up(anna)
    assert fresh(anna).picture.name


# When


@pytest.mark.parametrize(
    ("state", "days", "due"),
    [
        ("found", 29.9, False),
        ("found", 30.1, True),
        ("none", 29.9, False),
        ("none", 30.1, True),
        ("failed", 0.9, False),
        ("failed", 1.1, True),
    ],
)
def test_it_is_due_again_after_a_month_and_after_a_failure_the_next_day(
    service, store, anna, state, days, due
):
    Portrait.objects.create(store=store, customer=anna, state=state)
    age(anna, days)

    assert portraits.is_due(fresh(anna)) is due


def test_opening_a_profile_asks_once(service, anna, clerk):
    service.shows(KNOWN, FIRST)

    for _ in range(3):
        assert clerk.get(anna.get_absolute_url()).status_code == 200
    (result,) = DBTaskResult.objects.all()

    assert (result.task_path, result.args_kwargs) == (
        "customers.tasks.look_up_portrait",
        {"args": [anna.pk], "kwargs": {}},
    )
    assert result.priority < 0
    assert service.asked == []
    assert tasks.look_up_portrait.call(anna.pk) == "found"
    assert tasks.look_up_portrait.call(anna.pk) == ""
    assert len(service.asked) == 2


def test_a_profile_that_is_known_costs_no_query_more(service, anna, clerk, settings):
    service.shows(KNOWN, FIRST)
    look_up(anna)
    counts = []
    for pages in (settings.RESIDENT_PAGES, ""):
        settings.RESIDENT_PAGES = pages
        with CaptureQueriesContext(connection) as captured:
            clerk.get(anna.get_absolute_url())
        counts.append(len(captured))

    assert counts[0] == counts[1]
    assert queued() == 0


def test_lists_ask_for_nobody(service, store, clerk, anna):
    for url in (store.get_absolute_url(), f"{store.get_absolute_url()}?q=anna"):
        assert clerk.get(url).status_code == 200

    assert queued() == 0


def test_saving_a_profile_asks_for_nobody(service, anna, clerk):
    clerk.post(anna.get_absolute_url(), {})

    assert queued() == 0


def test_strangers_and_other_stores_ask_for_nobody(service, anna):
    stranger = Client()
    stranger.force_login(make_member(make_store("candles"), "owner").user)

    assert stranger.get(anna.get_absolute_url()).status_code == 404
    assert queued() == 0


@pytest.mark.parametrize("why", ["no uuid", "another world", "switched off"])
def test_who_cannot_be_looked_up(service, store, settings, why):
    if why == "no uuid":
        customer = make_customer(store, "carla")
    elif why == "another world":
        customer = make_customer(make_plain_store(), "Carla", uuid=KNOWN)
    else:
        customer = make_customer(store, "carla", uuid=KNOWN)
        settings.RESIDENT_PAGES = ""

    tasks.keep_portrait(customer)

    assert tasks.look_up_portrait.call(customer.pk) == ""
    assert (queued(), service.asked) == (0, [])


def test_somebody_who_is_gone_is_nobody(service):
    assert tasks.look_up_portrait.call(10**9) == ""


def test_a_page_does_not_fail_with_the_queue(service, anna, clerk, monkeypatch):
    def busy(*args):
        raise OperationalError("database is locked")

    monkeypatch.setattr(type(tasks.look_up_portrait), "enqueue", busy)

    assert clerk.get(anna.get_absolute_url()).status_code == 200


# Customers who go


def test_an_undone_import_takes_what_was_looked_up_with_it(service, store, media, committed):
    profiles.count_listed(store, 0)
    before = held(store)
    batch = imported(store, f"Username,UUID\ncarla,{KNOWN}\n")
    service.shows(KNOWN, FIRST)
    look_up(Customer.objects.get())

    committed(lambda: undone(batch))

    assert held(store) == before
    assert not Customer.objects.exists()
    assert not Portrait.objects.exists()
    assert files(media) == []


def test_an_undone_import_keeps_who_was_given_a_picture(service, store, media):
    batch = imported(store, f"Username,UUID\ncarla,{KNOWN}\n")
    service.shows(KNOWN, FIRST)
    look_up(Customer.objects.get())
    upload(Customer.objects.get())

    undone(batch)

    assert Customer.objects.get().archived_at is None
    assert len(files(media)) == 2  # the one before goes on commit
