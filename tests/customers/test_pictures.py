"""Pictures of customers: made small, refused where they are dangerous, shown to members only."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from PIL import Image

from customers.models import Customer
from stores import pictures
from tests.doors.pages import body, header_faults, read
from tests.factories import make_customer, make_member, make_store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def anna(store):
    return make_customer(store, "anna")


def signed_in(store, role="clerk") -> Client:
    client = Client()
    client.force_login(make_member(store, role).user)
    return client


@pytest.fixture
def clerk(store):
    return signed_in(store)


def image(kind: str, size=(300, 200), mode="RGB", **options) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, "teal" if mode != "1" else 0).save(written, kind, **options)
    return written.getvalue()


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    written = io.BytesIO()
    frames[0].save(written, kind, save_all=True, append_images=frames[1:])
    return written.getvalue()


def png(width: int, height: int) -> bytes:
    """A black picture of one bit per point, written by hand: large to decode, small to send."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    points = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", points) + chunk(b"IEND", b"")
    )


def send(client: Client, customer: Customer, content: bytes = b"", name="a.png", **changes: str):
    url = customer.get_absolute_url()
    fields = read(client.get(url)).one("form", method="post", action=url).values()
    upload = {"picture": SimpleUploadedFile(name, content)} if content else {}
    return client.post(url, {**fields, **changes, **upload})


def address(client: Client, customer: Customer) -> str:
    page = read(client.get(customer.get_absolute_url()))
    return page.one("img", class_="avatar-lg")["src"]


def files(media) -> list[str]:
    return sorted(path.name for path in media.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_kept_small_and_shown(clerk, anna, media, kind):
    response = send(clerk, anna, image(kind), name="../../evil.php")

    shown = clerk.get(address(clerk, anna))
    assert response.status_code == 302
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert header_faults(shown, picture=True) == []
    with Image.open(io.BytesIO(body(shown))) as small:
        assert (small.format, small.size) == ("WEBP", (256, 256))
    (name,) = files(media)
    assert name.endswith(".webp")
    assert "evil" not in name


def test_what_else_was_in_the_file_is_gone(clerk, anna):
    exif = Image.Exif()
    exif[0x010E] = "where I live"

    send(clerk, anna, image("JPEG", exif=exif))

    assert b"where I live" not in body(clerk.get(address(clerk, anna)))


REFUSED = {
    "text": b"hello, I am no picture",
    "page": b"<html><script>alert(1)</script></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "gif": image("GIF"),
    "bmp": image("BMP"),
    "tiff": image("TIFF"),
    "bomb": png(13_000, 13_000),
    "wide": png(4_097, 8),
    "tall": png(8, 100_000),
    "many points": png(2_001, 2_000),
    "moving png": moving("PNG"),
    "moving webp": moving("WEBP"),
    "cut png": image("PNG")[:200],
    "cut jpeg": image("JPEG", (900, 900))[:900],
    "cut webp": image("WEBP")[:60],
    "only a beginning": b"\x89PNG\r\n\x1a\n",
    "large": image("PNG") + bytes(2 * 1024 * 1024),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_what_is_no_harmless_picture_is_refused(clerk, anna, media, unchanged, content):
    with unchanged():
        response = send(clerk, anna, content, note="typed")

    form = read(response).one("form", method="post", action=anna.get_absolute_url())
    assert response.status_code == 200
    assert form.error("picture") != ""
    assert form.values()["note"] == "typed"
    assert files(media) == []


def test_the_largest_that_is_taken(clerk, anna, media):
    response = send(clerk, anna, png(2_000, 2_000))

    assert response.status_code == 302
    assert len(files(media)) == 1


def test_a_new_picture_takes_the_place_of_the_old_one(
    clerk, anna, media, django_capture_on_commit_callbacks
):
    send(clerk, anna, image("PNG"))
    old = address(clerk, anna)

    with django_capture_on_commit_callbacks(execute=True):
        send(clerk, anna, image("JPEG"))

    assert clerk.get(old).status_code == 404
    assert files(media) == [Customer.objects.get(pk=anna.pk).picture.name.rpartition("/")[2]]


def test_a_picture_is_taken_away(clerk, anna, media, django_capture_on_commit_callbacks):
    send(clerk, anna, image("PNG"))

    with django_capture_on_commit_callbacks(execute=True):
        response = send(clerk, anna, clear_picture="on")

    assert response.status_code == 302
    assert files(media) == []
    assert read(clerk.get(anna.get_absolute_url())).all("img") == []


def test_a_refused_form_keeps_no_file(clerk, anna, media, unchanged):
    with unchanged():
        response = send(clerk, anna, image("PNG"), email="nobody")

    assert response.status_code == 200
    assert files(media) == []


def test_fields_and_picture_are_saved_together_or_not_at_all(clerk, anna, unchanged, monkeypatch):
    def busy(**_):
        raise OperationalError

    monkeypatch.setattr(pictures, "put", busy)

    with unchanged():
        response = send(clerk, anna, image("PNG"), note="typed")

    assert response.status_code == 503


def test_members_alone_see_it(store, clerk, anna):
    send(clerk, anna, image("PNG"))
    url = address(clerk, anna)
    stranger = signed_in(make_store("candles"), "owner")

    answers = [
        signed_in(store, "viewer").get(url),
        stranger.get(url),
        stranger.get(url.replace("lamps", "candles")),
        Client().get(url),
    ]

    assert [answer.status_code for answer in answers] == [200, 404, 404, 302]
    body(answers[0])


def test_a_viewer_sends_none(store, anna, media, unchanged):
    viewer = signed_in(store, "viewer")

    with unchanged():
        response = viewer.post(
            anna.get_absolute_url(), {"picture": SimpleUploadedFile("a.png", image("PNG"))}
        )

    assert response.status_code == 403
    assert files(media) == []
