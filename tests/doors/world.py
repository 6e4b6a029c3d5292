"""Two stores with a row of every kind, the people who knock at their doors, and the words that must not get out."""

import dataclasses
import hashlib
import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models, transaction
from django.test import Client
from PIL import Image

from customers import bans, credit, profiles, purchases
from customers.models import Balance, CreditEntry, Customer, Purchase
from loyalty import coupons
from loyalty.models import Coupon, LoyaltyTier, StoredQuote
from products.models import Category, Product, Vendor, VendorGroup
from sales import deliveries
from sales.models import Box, Delivery, Payout
from stores import batches, members, pictures
from stores.models import Batch, Invitation, Member, SavedView, State, Store, Upload, User
from tests.changes import applied, credit_change, discount_change, ended
from tests.conftest import OUR_APPS
from tests.doors.outcomes import ACTORS
from tests.factories import (
    buy,
    make_category,
    make_coupon,
    make_customer,
    make_kept,
    make_member,
    make_product,
    make_quote,
    make_store,
    make_tier,
    make_user,
    make_vendor,
    make_vendor_group,
    make_view,
    set_window,
)
from tests.imported import sent
from tests.sales.imported import drafted

CANARY = "zqxcanary"
CANARY_UUID = uuid.UUID("beefcafe-0000-4000-8000-beefcafebeef")
CANARY_AMOUNT = 777_131_313
CANARIES = [CANARY, str(CANARY_UUID), CANARY_UUID.hex, str(CANARY_AMOUNT), f"{CANARY_AMOUNT:,}"]
STAFF = ("staff", "superuser")


@dataclasses.dataclass
class Shop:
    """A store and the rows of it that stand in slots."""

    store: Store
    customer: Customer
    friend: Customer
    product: Product
    shelf: Category
    stall: Vendor
    street: VendorGroup
    removed_at: str
    tier: LoyaltyTier
    quote: StoredQuote
    coupon: Coupon
    entry: CreditEntry
    delivery: Delivery
    payout: Payout
    helper: Member
    invitation: Invitation
    view: SavedView
    upload: Upload
    sales: Upload
    changes: dict[str, Batch]

    @property
    def slots(self) -> dict[str, str]:
        """What fills each slot, by namespace and name of the slot; of one route, by its name too."""
        return {
            "slug": self.store.slug,
            "batches:pk": str(self.changes["done"].pk),
            "batches:rows:pk": str(self.changes["discounts"].pk),
            "batches:apply:pk": str(self.changes["previewed"].pk),
            "batches:cancel:pk": str(self.changes["previewed"].pk),
            "batches:resume:pk": str(self.changes["stopped"].pk),
            "loyalty:pk": str(self.customer.pk),
            "loyalty:tier": str(self.tier.pk),
            "loyalty:purchase": str(self.quote.purchase_id),
            "loyalty:quote": str(self.quote.pk),
            "loyalty:coupon": str(self.coupon.pk),
            "customers:pk": str(self.customer.pk),
            "customers:product": str(self.product.pk),
            "customers:entry": str(self.entry.pk),
            "customers:upload": str(self.upload.pk),
            "sales_import:upload": str(self.sales.pk),
            "sales_import:batch": str(self.changes["sales"].pk),
            "customers:name": self.customer.picture.name.rpartition("/")[2],
            "sales:pk": str(self.customer.pk),
            "sales:product": str(self.product.pk),
            "sales:purchase": str(self.quote.purchase_id),
            "sales:delivery": str(self.delivery.pk),
            "sales:payout": str(self.payout.pk),
            "topic": "credit",
            "members:member": str(self.helper.pk),
            "members:invitation": str(self.invitation.pk),
            "lists:list": self.view.list_name,
            "lists:view": str(self.view.pk),
            "products:pk": str(self.product.pk),
            "products:name": self.product.image.name.rpartition("/")[2],
            "products:category": str(self.shelf.pk),
            "products:vendor": str(self.stall.pk),
            "sales:vendor": str(self.stall.pk),
            "products:group": str(self.street.pk),
        }


def png(side: int = 8, colour: str = "teal") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(written, "PNG")
    return written.getvalue()


def make_shop(slug: str, word: str, *, by: User, known: uuid.UUID, amount: int = 90) -> Shop:
    """A store in which every text holds the word, and every amount that shows is the amount."""
    store = make_store(slug, name=f"{word} store")
    keeper = make_member(store, "owner", by)
    # One that every member finds, and the keeper's own.
    view = make_view(keeper, f"{word} shared", shared=True)
    make_view(keeper, f"{word} own")
    shelf = make_category(store, f"{word} shelf")
    product = make_product(store, f"{word} lamp", price=amount, category=shelf, copy=True)
    vendor = make_vendor(store, f"{word} stall", group=make_vendor_group(store, f"{word} street"))
    # Nothing stands in these, so they can be deleted.
    shelf_to_go = make_category(store, f"{word} empty shelf")
    stall_to_go = make_vendor(store, f"{word} new stall")
    street_to_go = make_vendor_group(store, f"{word} empty street")
    customer = make_customer(store, f"{word}before", email=f"{word}@example.org", uuid=known)
    profiles.correct(customer=customer, username=f"{word}anna", by=by)
    opened = {"note": "", "subscriber": False}
    noted = {"note": f"{word} note", "subscriber": True}
    profiles.edit(customer=customer, by=by, opened=opened, fields=noted)
    entry = credit.grant(
        customer=customer, balance=Balance.CREDIT, amount=amount, by=by, note=f"{word} prize"
    )
    for row, field in ((customer, "picture"), (product, "image")):
        picture = pictures.read(SimpleUploadedFile("a.png", png()))
        picture.name = f"{word}{uuid.uuid4().hex}.webp"
        pictures.put(row=row, field=field, picture=picture, by=by)
    friend = make_customer(store, f"{word}bert")
    sold = {"vendor": vendor, "receipt": f"{word}-1", "money": amount, "by": by}
    buy(customer, product, **sold)
    removed_at = purchases.remove_product(customer=customer, product=product, by=by)
    buy(customer, product, **sold)
    bought = buy(customer, product, recipient=friend, **sold)
    sheet = sent(store, sheet_of_sales(word, amount), f"{word}.csv")
    make_kept(customer)
    tier, quote = make_tier(store, amount), make_quote(product, customer, purchase=bought)
    bans.ban(customer=friend, reason=f"{word} spam", by=by)
    coupon = make_coupon(store, f"{word}-7", customer, product=product)
    coupons.use(coupon=coupon, purchase=bought, share=amount // 10)
    set_window(store, store.today())
    customer.refresh_from_db()
    return Shop(
        store,
        customer,
        friend,
        product,
        shelf_to_go,
        stall_to_go,
        street_to_go,
        removed_at.isoformat() if removed_at else "",
        tier,
        quote,
        coupon,
        entry,
        make_delivery(bought, word=word, by=by),
        make_payout(bought, word=word, amount=amount),
        make_member(store, "viewer", make_user(f"{word}-helper")),
        members.invite(store=store, role="clerk", by=by, note=f"{word} friend"),
        view,
        sent(store, f"Username,Note\n{word}anna,{word} word\n", f"{word}.csv"),
        sheet,
        {
            **make_changes(customer, product, by=by, word=word, amount=amount),
            "sales": ended(drafted(store, sheet, by=by)),
        },
    )


def make_delivery(purchase: Purchase, *, word: str, by: User) -> Delivery:
    """A delivery that failed, with the try at it and its box."""
    store = purchase.store
    box = Box.objects.create(
        store=store, object_key=uuid.uuid4(), name=f"{word} box", url=f"https://{word}.example/"
    )
    made = Delivery.objects.create(
        store=store,
        kind="sale",
        purchase=purchase,
        product=purchase.product,
        recipient=purchase.recipient,
        by=by,
        state="failed",
        note=f"{word} is full",
    )
    deliveries.keep_attempt(made, note=f"{word} said no", box=box, status=500)
    return made


def make_payout(purchase: Purchase, *, word: str, amount: int) -> Payout:
    """A refund that a vendor could not pay."""
    return Payout.objects.create(
        store=purchase.store,
        kind="refund",
        payee=purchase.payer,
        name=purchase.payer.username,
        uuid=purchase.payer.uuid,
        amount=amount,
        purchase=purchase,
        state="failed",
        vendor=purchase.vendor,
        transaction=f"{word} transaction",
        note=f"{word} has no money",
    )


def sheet_of_sales(word: str, amount: int) -> str:
    """A sale that can be imported once its product is chosen."""
    sale = f"{word}dora,2026-06-10,{word} stool,{amount},{word}-2,{word} stall"
    return f"Customer,Date,Product,Amount,Receipt,Vendor\n{sale}\n"


def make_changes(
    customer: Customer, product: Product, *, by: User, word: str, amount: int
) -> dict[str, Batch]:
    """A bulk change of each state that something can be done with."""
    asked = {"by": by, "credit": amount, "reason": "other", "note": f"{word} gift"}
    stopped = credit_change(customer, **asked)
    stopped.confirmed_at, stopped.state = stopped.created_at, State.QUEUED
    stopped.save()
    return {
        "done": applied(credit_change(customer, **asked)),
        "discounts": applied(discount_change(product, by=by, percent=5)),
        "previewed": credit_change(customer, **asked),
        "stopped": batches.cancel(batch=stopped, by=by),
    }


class World:
    """`own` is the store of owner to viewer; `other` is somebody else's; the stranger has a third one."""

    def __init__(self) -> None:
        self.own = make_shop("own-store", "home", by=make_user("home"), known=uuid.uuid4())
        keeper = make_user(CANARY, email=f"{CANARY}@example.net", first_name=CANARY)
        self.other = make_shop(
            "elsewhere", CANARY, by=keeper, known=CANARY_UUID, amount=CANARY_AMOUNT
        )
        self.third = make_shop("third-store", "third", by=make_user("third"), known=uuid.uuid4())
        self.users = {
            role: make_member(self.own.store, role, make_user(f"the-{role}")).user
            for role in ("owner", "manager", "clerk", "viewer")
        }
        self.users["stranger"] = make_member(
            self.third.store, "owner", make_user("the-stranger")
        ).user
        self.users["keeper"] = keeper
        self.users["staff"] = make_user("the-staff", is_staff=True)
        self.users["superuser"] = make_user("the-superuser", is_staff=True, is_superuser=True)
        self.clients = {actor: self._client(actor) for actor in (*ACTORS, *STAFF, "keeper")}
        self.cookies = {
            actor: client.cookies.output() and client.cookies[settings.SESSION_COOKIE_NAME].value
            for actor, client in self.clients.items()
        }
        self.fields: dict[Any, dict[str, str]] = {}
        self.seen: set[Any] = set()
        self.sum, self.other_sum = checksum(), checksum(self.other.store)

    def _client(self, actor: str) -> Client:
        client = Client(raise_request_exception=False)
        if actor != "nobody":
            client.force_login(self.users[actor])
        return client

    def ask(
        self,
        actor: str,
        method: str,
        path: str,
        data: dict[str, Any] | None = None,
        **options: Any,
    ) -> Any:
        """One request as that person, with the session of before any other request."""
        client = self.clients[actor]
        client.cookies.clear()
        if cookie := self.cookies[actor]:
            client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        cache.clear()
        verb = getattr(client, method.lower())
        if method == "POST":
            return verb(path, data or {}, **options)
        if method == "GET":
            return verb(path, data, **options)
        if method in ("PUT", "PATCH"):
            kind = "application/x-www-form-urlencoded"
            return verb(path, "a=1", content_type=kind, **options)
        return verb(path, **options)


@contextmanager
def undone() -> Iterator[dict[str, bool]]:
    """A block whose changes are taken back; says under `wrote` whether anything was written within it."""
    said = {"wrote": False}

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            said["wrote"] = True
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(listen):
            yield said
        transaction.set_rollback(True)


def checksum(store: Store | None = None) -> str:
    """A sum over every row of ours, or of one store."""
    total = hashlib.sha256()
    for model in apps.get_models():
        if model._meta.app_label in OUR_APPS:
            rows = model._default_manager.order_by("pk")
            if store is not None:
                rows = rows.filter(**_of(model, store))
            for row in rows.values_list():
                total.update(repr((model._meta.label, row)).encode())
    return total.hexdigest()


def _of(model: type[models.Model], store: Store) -> dict[str, Any]:
    if model is Store:
        return {"pk": store.pk}
    return {"memberships__store": store} if model is User else {"store": store}


def leaks(response: Any, content: bytes) -> list[str]:
    """Canary words in an answer, headers too."""
    text = content.decode(errors="replace") + repr(sorted(response.headers.items()))
    return [word for word in CANARIES if word in text.lower()]
