"""What the lines of a file add up to: by name once, then by what is done with each name."""

from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from sales.models import Choice, NameKind, SaleName, SalePerson, SaleRow, SaleState
from sales.models.imported import WRITTEN
from stores.bulk import update
from stores.models import Batch

SUMS: dict[str, Any] = {
    "lines": Count("pk"),
    "money": Coalesce(Sum("amount"), 0),
    "returns": Count("pk", filter=Q(quantity__lt=0)),
    "returned": Coalesce(Sum("amount", filter=Q(quantity__lt=0)), 0),
}
# Lines that are to be written.
KEPT = Q(state=SaleState.NEW) & (Q(product_name=None) | Q(product_name__choice__in=WRITTEN))
# Lines whose product is left out, or not chosen yet.
SKIPPED = Q(state=SaleState.NEW, product_name__choice__in=(Choice.OPEN, Choice.SKIP))


def add_up(batch: Batch) -> dict[str, Any]:
    """Write the numbers of each name down, and say what the file comes to."""
    new = SaleRow.objects.filter(batch=batch, state=SaleState.NEW).order_by()
    sums = new.values("product_name").annotate(**SUMS).values_list("product_name", *SUMS)
    found = {key: [int(value) for value in values] for key, *values in sums}
    nameless = found.pop(None, [0] * len(SUMS))
    bare = {f"bare_{name}": value for name, value in zip(SUMS, nameless, strict=True)}
    update(SaleName, tuple(SUMS), [(key, *values) for key, values in found.items()])
    batch.counts |= bare
    return {**bare, **tally(batch)}


def tally(batch: Batch) -> dict[str, int]:
    """What is new and what is skipped, as the names are chosen now."""
    names = SaleName.objects.filter(batch=batch)
    products = names.filter(kind=NameKind.PRODUCT)
    written = _sums(products.filter(choice__in=WRITTEN))
    skipped = _sums(products.exclude(choice__in=WRITTEN))
    bare = {name: batch.counts.get(f"bare_{name}", 0) for name in SUMS}
    new = {name: written[name] + bare[name] for name in SUMS}
    return {
        "new": new["lines"],
        "money": new["money"],
        "returns": new["returns"],
        "returned": new["returned"],
        "skipped": skipped["lines"],
        "skipped_money": skipped["money"],
        "open": products.filter(choice=Choice.OPEN).count(),
        "open_lines": _sums(products.filter(choice=Choice.OPEN))["lines"],
        "products": products.filter(choice__in=WRITTEN).count(),
        "products_new": products.filter(choice=Choice.CREATE).count(),
        "names": products.count(),
        **_people(batch, whole=not skipped["lines"]),
    }


def _sums(names: Any) -> dict[str, int]:
    found = names.aggregate(**{f"sum_{name}": Sum(name) for name in SUMS})
    return {name: int(found[f"sum_{name}"] or 0) for name in SUMS}


def _people(batch: Batch, *, whole: bool) -> dict[str, int]:
    """How many customers and vendors would be made or changed: those of lines that are written."""
    people = SalePerson.objects.filter(batch=batch)
    vendors = SaleName.objects.filter(batch=batch, kind=NameKind.VENDOR, choice=Choice.CREATE)
    if not whole:
        written = SaleRow.objects.filter(KEPT, batch=batch).order_by()
        people = people.filter(pk__in=written.values("person"))
        vendors = vendors.filter(pk__in=written.values("vendor_name"))
    return {
        "people_new": people.filter(customer=None).count(),
        "people_changed": people.exclude(customer=None).exclude(changes={}).count(),
        "vendors_new": vendors.count(),
    }
