"""The pages of an import of sales as a browser without scripts uses them."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sales.models import SaleName
from stores.models import Batch
from tests.import_pages import choose, form_of, trouble

PAGE = "/stores/lamps/sales/import/"


def send(client: Client, content: str | bytes, *, name: str = "sales.csv") -> Any:
    """A file, sent."""
    data = content.encode() if isinstance(content, str) else content
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data)})


def planned(client: Client, content: str | bytes, **changes: str) -> Batch:
    """The plan of a file that can be read."""
    sent = send(client, content)
    assert sent.status_code == 302, form_of(sent).text
    chosen = choose(client, sent["Location"], **changes)
    assert chosen.status_code == 302, trouble(chosen)
    return Batch.objects.latest("pk")


def products_url(batch: Batch) -> str:
    return reverse("sales_import:products", args=[batch.store.slug, batch.pk])


def answer(client: Client, batch: Batch, *, query: str = "", button: str = "", **said: str) -> Any:
    """The page of products, opened, changed and sent: `choice` and `other` by name of the file."""
    url = products_url(batch) + query
    form = form_of(client.get(url))
    names = [node["value"] for node in form.all("input", name="name")]
    fields: dict[str, Any] = {**form.values(), "name": names}
    for key, value in said.items():
        kind, _, name = key.partition("_")
        one = SaleName.objects.get(batch=batch, kind="product", name=name.replace("_", " "))
        fields[f"{kind}_{one.pk}"] = value
    if button:
        name, _, value = button.partition("=")
        fields[name] = value
    return client.post(url, fields)
