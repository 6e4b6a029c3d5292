"""The pages of an import as a browser without scripts uses them."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from stores.models import Batch, Upload
from tests.doors.pages import Node, read

PAGE = "/stores/lamps/customers/import/"
TEXT = "Username,Colour,Credit,Discount %\nanna,red,150,10\ncarla,blue,5,\ndora,green,1e3,\n"


def columns_url(upload: Upload) -> str:
    return reverse("customers:import_columns", args=[upload.store.slug, upload.pk])


def send(
    client: Client,
    content: str | bytes = TEXT,
    *,
    page: str = PAGE,
    name: str = "people.csv",
    source: str = "auto",
) -> Any:
    """A file, sent."""
    data = content.encode() if isinstance(content, str) else content
    return client.post(page, {"file": SimpleUploadedFile(name, data), "source": source})


def form_of(response: Any) -> Node:
    """The form of the page, whatever the heading offers besides."""
    return read(response).one("form", class_="sheet", method="post")


def choose(client: Client, url: str, **changes: str) -> Any:
    """The columns page, opened, changed and sent."""
    fields = form_of(client.get(url)).values()
    return client.post(url.partition("?")[0], {**fields, **changes})


def look_again(client: Client, url: str, **changes: str) -> Any:
    return choose(client, url, look="yes", **changes)


def preview_of(client: Client, content: str | bytes, *, page: str = PAGE, **changes: str) -> Batch:
    """The preview of a file that can be read."""
    sent = send(client, content, page=page)
    assert sent.status_code == 302, form_of(sent).text
    chosen = choose(client, sent["Location"], **changes)
    assert chosen.status_code == 302, trouble(chosen)
    return Batch.objects.get(pk=int(chosen["Location"].rstrip("/").rpartition("/")[2]))


def alerts(page: Node) -> list[str]:
    return [node.text for node in page.all(class_="alert")]


def trouble(response: Any) -> str:
    """What is wrong with the form as a whole."""
    return " ".join(node.text for node in read(response).all(class_="alert-danger"))
