"""Keys of vendors: shown once, kept as a hash, replaced and revoked."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from products.models import Vendor
from sales.models import VendorKey
from sales.models.api import VALID
from stores import audit
from stores.models import User

PREFIX = "sa_"
SECRET_BYTES = 32
SHOWN = 10
USED_EVERY_SECONDS = 60


def issue(*, vendor: Vendor, by: User | None, pays_out: bool = False) -> tuple[VendorKey, str]:
    """Make a vendor's key, and the secret that nobody can read again; one that it had before is
    revoked. Locks the vendor.
    """
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        _lock(vendor)
        _revoke(vendor)
        key = VendorKey.objects.create(
            store_id=vendor.store_id,
            vendor=vendor,
            digest=digest(secret),
            shown=secret[:SHOWN],
            pays_out=pays_out,
            by=by,
        )
        changes = {"key": [None, key.shown], "pays_out": [None, pays_out]}
        audit.record(
            store=vendor.store, by=by, action="vendor.key", subject=vendor, changes=changes
        )
    return key, secret


def revoke(*, vendor: Vendor, by: User | None) -> bool:
    """The vendor's key opens nothing any more; False if it has none. Locks the vendor."""
    with transaction.atomic():
        _lock(vendor)
        if not _revoke(vendor):
            return False
        audit.record(
            store=vendor.store,
            by=by,
            action="vendor.revoke_key",
            subject=vendor,
            changes={"key": ["valid", None]},
        )
    return True


def find(secret: str) -> VendorKey | None:
    """The valid key with that secret, of a vendor that sells, with its store and vendor group; that
    it was used is written down once a minute.
    """
    keys = VendorKey.objects.filter(VALID, digest=digest(secret), vendor__retired_at=None)
    key = keys.select_related("store", "store__year_window", "vendor__group").first()
    if key is None:
        return None
    now = timezone.now()
    if key.used_at is None or (now - key.used_at).total_seconds() > USED_EVERY_SECONDS:
        VendorKey.objects.filter(pk=key.pk).update(used_at=now)
    return key


def current(vendor: Vendor) -> VendorKey | None:
    """The key that the vendor has now."""
    return VendorKey.objects.select_related("by").filter(VALID, vendor=vendor).first()


def digest(secret: str) -> str:
    """The secret is random and long: a fast hash keeps it as well as a slow one."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _lock(vendor: Vendor) -> None:
    Vendor.objects.select_for_update(of=("self",)).get(pk=vendor.pk)


def _revoke(vendor: Vendor) -> int:
    return VendorKey.objects.filter(VALID, vendor=vendor).update(revoked_at=timezone.now())
