"""The Django admin as staff use it: addresses of its pages, and a form filled in as a browser would send it."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.test import Client
from django.urls import reverse

from stores.admin_base import StoreFilter
from stores.models import Store, User
from tests.conftest import OUR_APPS
from tests.factories import make_user

MODELS = [model for model in admin.site._registry if model._meta.app_label in OUR_APPS]
FOREIGN_KEYS = [
    (model, field.name)
    for model in MODELS
    for field in model._meta.fields
    if isinstance(field, ForeignKey)
]


def signed_in(user: User | None = None) -> Client:
    """A client of that member of the staff, a superuser by default."""
    client = Client()
    client.force_login(user or make_user(is_staff=True, is_superuser=True))
    return client


def list_url(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")


def add_url(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_add")


def page_url(row: Model, page: str = "change") -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_{page}", args=[row.pk])


def autocomplete_url(model: type[Model], field: str) -> str:
    meta = model._meta
    return (
        f"{reverse('admin:autocomplete')}?app_label={meta.app_label}"
        f"&model_name={meta.model_name}&field_name={field}"
    )


def oldest(model: type[Model]) -> Any:
    return model._default_manager.order_by("pk").first()


def addresses(model: type[Model], store: Store, row: Model) -> dict[str, str]:
    """The pages of a model, by what they are."""
    name = getattr(row, "username", getattr(row, "name", "customer 1"))
    found = {
        "list": list_url(model),
        "number": f"{list_url(model)}?q={row.pk}",
        "name": f"{list_url(model)}?{urlencode({'q': name})}",
        "page": page_url(row),
        "history": page_url(row, "history"),
    }
    if StoreFilter in admin.site.get_model_admin(model).list_filter:
        found["store"] = f"{list_url(model)}?store={store.pk}"
        found["name in a store"] = f"{found['store']}&{urlencode({'q': name})}"
    for source, field in FOREIGN_KEYS:
        if source._meta.get_field(field).remote_field.model is model:
            found["choices"] = autocomplete_url(source, field)
            found["choices by name"] = f"{found['choices']}&{urlencode({'term': name})}"
    return found


def save(client: Client, url: str, **changes: Any) -> Any:
    """Open a form, change some of its fields, and send it."""
    return send(client, url, opened(client, url), **changes)


def send(client: Client, url: str, fields: dict[str, Any], **changes: Any) -> Any:
    """Send a form that was opened before; None leaves a field out."""
    data = {name: value for name, value in {**fields, **changes}.items() if value is not None}
    return client.post(url, data)


def opened(client: Client, url: str) -> dict[str, Any]:
    """The fields of the form on a page, by name, with the values that the page gives them."""
    response = client.get(url)
    assert response.status_code == 200, url
    page = _Fields()
    page.feed(response.content.decode())
    return page.values


def errors(response: Any) -> str:
    """All that a form that came back complains of; '' for one that was saved."""
    if response.status_code == 302:
        return ""
    return " ".join(str(line) for line in response.context["errors"])


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self.text_of = ""
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        name = of.get("name") or ""
        checkable = of.get("type") in ("checkbox", "radio")
        if (
            tag == "input"
            and name
            and of.get("type") != "submit"
            and (not checkable or "checked" in of)
        ):
            self.values[name] = _sent(of.get("value") or ("on" if checkable else ""))
        elif tag == "textarea":
            self.text_of, self.values[name] = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in of:
            self.values[self.select] = of.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self.text_of:
            # The line break after the tag is not part of the text.
            self.values[self.text_of] = _sent(data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text_of = ""


def _sent(text: str) -> str:
    """Lines end in two characters when a browser sends them."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n")
