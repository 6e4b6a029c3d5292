"""The owner's word on which product each name of a file means, before the sales are written."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sales.imports.tallying import tally
from sales.models import Choice, NameKind, SaleName
from stores import batches
from stores.batches import BatchRefused
from stores.models import Batch


class Answer(NamedTuple):
    """What is done with a name; the product where it is matched."""

    choice: str
    product: int | None = None


def choose(*, batch: Batch, answers: Mapping[int, Answer], rest: str = Choice.OPEN) -> Batch:
    """Take answers by the key of their name; `rest` is what is done with names that are open still.

    Locks the batch. Raises BatchRefused where it is applied by now, and where no name at all would
    be imported; then nothing changes.
    """
    with transaction.atomic():
        batch = batches.lock_preview(batch)
        names = SaleName.objects.filter(batch=batch, kind=NameKind.PRODUCT)
        chosen = list(names.filter(pk__in=list(answers)))
        for name in chosen:
            name.choice, name.product_id = answers[name.pk]
        SaleName.objects.bulk_update(chosen, ["choice", "product"])
        if rest != Choice.OPEN:
            names.filter(choice=Choice.OPEN).update(choice=rest, product=None)
        batch.counts |= tally(batch)
        if refusal := none_matched(batch):
            raise BatchRefused(refusal)
        batch.save(update_fields=["counts"])
    return batch


def none_matched(batch: Batch) -> str:
    """Why a batch is refused whose names are all left out; '' for any other."""
    counts = batch.counts
    whole = counts.get("names") and not counts["open"] and not counts["products"]
    return _("No product is matched or created: there is nothing to import.") if whole else ""


def refusal(batch: Batch) -> str:
    """Why the sales cannot be written yet, or ''."""
    if number := batch.counts.get("open"):
        return ngettext(
            "%(number)s product is not matched yet: choose, or leave them out.",
            "%(number)s products are not matched yet: choose, or leave them out.",
            number,
        ) % {"number": f"{number:,}"}
    return none_matched(batch)
