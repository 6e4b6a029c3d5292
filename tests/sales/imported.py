"""Sales files for tests, sent and previewed by the verbs that do it in the program."""

from typing import Any

from django.core.files.base import ContentFile

from products.models import Product
from sales.imports import choosing, file, kinds, records
from sales.imports.choosing import Answer
from sales.imports.file import Reading
from sales.models import Choice, SaleName, SalePerson, SaleRow
from stores import batches, uploads
from stores.models import Batch, Store, Upload, User
from tests import imported as customers_imported
from tests.changes import applied, ended

# What tells of an import and is not what it changed.
TOLD = (*customers_imported.TOLD, SaleName, SalePerson, SaleRow)


def sent(store: Store, content: str | bytes, name: str = "sales.csv") -> Upload:
    data = content.encode() if isinstance(content, str) else content
    return uploads.keep(store=store, file=ContentFile(data, name=name), by=None)


def drafted(
    store: Store,
    content: str | bytes | Upload,
    *,
    by: User | None = None,
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
        fields=fields or sheet.fields,
        by=by,
    )


def chosen(
    batch: Batch, products: dict[str, Product | str] | None = None, *, rest: str = Choice.CREATE
) -> Batch:
    """Products by their names in the file: one that is matched, or a choice; `rest` for all others."""
    names = {name.name: name for name in SaleName.objects.filter(batch=batch, kind="product")}
    answers = {
        names[name].pk: Answer("match", to.pk) if isinstance(to, Product) else Answer(to)
        for name, to in (products or {}).items()
    }
    return choosing.choose(batch=batch, answers=answers, rest=rest)


def previewed(store: Store, content: Any, *, rest: str = Choice.CREATE, **how: Any) -> Batch:
    """The preview of a file, whole; products that are not there are to be created."""
    batch = ended(drafted(store, content, **how))
    return chosen(batch, rest=rest) if batch.counts.get("names") and rest else batch


def imported(store: Store, content: Any, **how: Any) -> Batch:
    """A file that was imported to its end."""
    return applied(previewed(store, content, **how))


def go_on(batch: Batch) -> Batch:
    """One chunk of a worker who comes to the batch anew."""
    records.readings.clear()
    batches.run(batch.pk, seconds=0)
    batch.refresh_from_db()
    return batch


def held(store: Store) -> dict[str, Any]:
    """Every row of a store but what tells of imports."""
    return {
        label: rows
        for label, rows in customers_imported.held(store).items()
        if label not in {model._meta.label for model in TOLD}
    }


def told(batch: Batch, *names: str) -> list[tuple]:
    """What stands in the lines of a batch, in their order."""
    rows = SaleRow.objects.filter(batch=batch).order_by("line")
    return list(rows.values_list("line", *names))
