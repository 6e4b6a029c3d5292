"""Files that people send: kept under a name of ours, known again by their contents, gone after a week."""

import datetime as dt
import hashlib

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile

from storeadmin import upkeep
from stores import uploads
from stores.models import Upload
from tests.factories import make_member, make_store

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)
    return time_machine


def kept(text: bytes = b"a,b\n", name: str = "people.csv", **who) -> Upload:
    return uploads.keep(
        store=who.get("store") or make_store(),
        file=ContentFile(text, name=name),
        by=who.get("by"),
    )


def is_there(upload: Upload, name: str = "") -> bool:
    return upload.file.storage.exists(name or upload.file.name)


def test_what_is_kept_of_a_file():
    member = make_member(make_store())

    upload = kept(b"a,b\n1,2\n", store=member.store, by=member.user)

    upload.refresh_from_db()
    assert (upload.store, upload.by, upload.name) == (member.store, member.user, "people.csv")
    assert (upload.size, upload.sha256) == (8, hashlib.sha256(b"a,b\n1,2\n").hexdigest())
    with upload.file.open() as stored:
        assert stored.read() == b"a,b\n1,2\n"


@pytest.mark.parametrize("name", ["../../evil.csv", "people.exe", "שרה.csv", "x" * 300, ""])
def test_the_name_on_disk_is_ours(name):
    upload = kept(name=name)

    folder, _, file = upload.file.name.partition("/")
    assert folder == "uploads"
    assert len(file) == 36
    assert file.endswith(".csv")
    assert 0 < len(upload.name) <= 40


def test_the_same_contents_are_known_again():
    assert kept().sha256 == kept(name="other.csv").sha256 != kept(b"a,c\n").sha256


def test_the_contents_go_after_a_week_and_the_row_stays(clock, django_capture_on_commit_callbacks):
    old = kept()
    name = old.file.name
    clock.shift(SECOND)
    young = kept()
    clock.shift(WEEK)

    with django_capture_on_commit_callbacks(execute=True):
        swept = uploads.sweep()
    again = uploads.sweep()

    old.refresh_from_db()
    assert (swept, again, old.file.name) == (1, 0, "")
    assert not is_there(old, name)
    assert is_there(young)


def test_a_file_that_is_gone_already_is_swept_too(clock, django_capture_on_commit_callbacks):
    upload = kept()
    upload.file.storage.delete(upload.file.name)
    clock.shift(WEEK + SECOND)

    with django_capture_on_commit_callbacks(execute=True):
        assert uploads.sweep() == 1


def test_a_file_that_cannot_be_read_is_dropped():
    upload = kept()

    uploads.drop(upload)

    assert not Upload.objects.exists()
    assert not is_there(upload)


def test_the_worker_sweeps_once_an_hour(clock, monkeypatch):
    swept = []
    monkeypatch.setattr(uploads, "sweep", lambda: swept.append(True))
    cache.clear()

    upkeep.look()
    upkeep.look()
    assert swept == [True]
    clock.shift(dt.timedelta(hours=1, seconds=1))
    upkeep.look()

    assert swept == [True, True]
