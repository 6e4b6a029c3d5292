"""Writing the audit trail."""

from typing import Any

from django.db import models

from stores.models import AuditEntry, Store, User


def record(
    *, store: Store, by: User | None, action: str, subject: models.Model, changes: dict[str, Any]
) -> AuditEntry:
    """Write down a deed in the transaction of the deed. `by` is None for the program itself."""
    return AuditEntry.objects.create(
        store=store,
        by=by,
        action=action,
        subject_type=subject._meta.label_lower.rpartition(".")[2],
        subject_id=subject.pk,
        changes=changes,
    )
