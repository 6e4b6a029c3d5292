"""Customer files for tests, sent and previewed by the verbs that do it in the program, and what a store holds."""

from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models

from customers.imports import file, kinds, records
from customers.imports.file import Reading
from customers.imports.judging import SET, Rules
from customers.models import CreditAccount, CreditEntry, Customer, CustomerLine
from stores import batches, uploads
from stores.models import AuditEntry, Batch, Store, Upload, User
from tests.changes import applied, ended
from tests.conftest import OUR_APPS

Content = str | bytes | list[list[Any]]
# What tells of an import and is not what it changed.
TOLD = (AuditEntry, Batch, CustomerLine, Upload)
PLAIN = ("uuid", "email", "note", "discount", "subscriber", "subscriber_source", "group_member")
MOVEMENT = ("balance", "seq", "delta", "after", "kind")


def sent(store: Store, content: Content, name: str = "people.csv") -> Upload:
    """The file as it is kept after somebody sent it; rows are joined by commas."""
    if isinstance(content, list):
        content = "\n".join(",".join(map(str, row)) for row in content)
    data = content.encode() if isinstance(content, str) else content
    return uploads.keep(store=store, file=ContentFile(data, name=name), by=None)


def drafted(
    store: Store,
    content: Content | Upload,
    *,
    by: User | None = None,
    mode: str = SET,
    lifts_opt_out: bool = False,
    fields: tuple[str, ...] | None = None,
    **reading: str,
) -> Batch:
    """The import of a file as the columns page leaves it; columns are read as recognised."""
    upload = content if isinstance(content, Upload) else sent(store, content)
    sheet = file.recognise(uploads.opener(upload), Reading(**reading))
    return kinds.draft(
        upload=upload,
        reading=Reading(**reading),
        sheet=sheet,
        fields=fields or tuple(column.field for column in sheet.columns),
        rules=Rules(mode, lifts_opt_out),
        by=by,
    )


def previewed(store: Store, content: Content | Upload, **how: Any) -> Batch:
    """The preview of a file, whole."""
    return ended(drafted(store, content, **how))


def imported(store: Store, content: Content | Upload, **how: Any) -> Batch:
    """A file that was imported to its end."""
    return applied(previewed(store, content, **how))


def go_on(batch: Batch) -> Batch:
    """One chunk of a worker who comes to the batch anew."""
    records.readings.clear()
    batches.run(batch.pk, seconds=0)
    batch.refresh_from_db()
    return batch


def staged(batch: Batch) -> list[CustomerLine]:
    return list(CustomerLine.objects.filter(batch=batch).order_by("line"))


def told(batch: Batch, *names: str) -> list[tuple]:
    """What stands in the lines of a batch, in their order."""
    rows = CustomerLine.objects.filter(batch=batch).order_by("line")
    return list(rows.values_list("line", *names))


def states(batch: Batch) -> list[str]:
    return [line.state for line in staged(batch)]


def held(store: Store, *, entries: bool = True) -> dict[str, Any]:
    """Every row of a store but what tells of imports; without `entries` neither they nor their number."""
    return {
        model._meta.label: _rows(model, store, entries)
        for model in apps.get_models()
        if model._meta.app_label in OUR_APPS
        and model not in TOLD
        and (entries or model is not CreditEntry)
        and any(field.name == "store" for field in model._meta.fields)
    }


def people(store: Store) -> dict[str, dict[str, Any]]:
    """Customers by name with all that a file can change of them; keys and times are left out."""
    rows = Customer.objects.filter(store=store).order_by("username")
    return {
        one.username: {
            **{name: getattr(one, name) for name in PLAIN},
            "balances": (one.account.credit, one.account.restricted),
            "entries": list(one.account.entries.order_by("pk").values_list(*MOVEMENT)),
            "old_names": sorted(old.username for old in one.old_names.all()),
            "listed": one.archived_at is None,
            "found_by": getattr(one, "search_text", None) and one.search_text.text,
        }
        for one in rows.select_related("account", "search_text")
    }


def _rows(model: type[models.Model], store: Store, entries: bool) -> list[dict[str, Any]]:
    rows = list(model._default_manager.filter(store=store).order_by("pk").values())
    if model is CreditAccount and not entries:
        for row in rows:
            del row["credit_seq"], row["restricted_seq"]
    return rows
