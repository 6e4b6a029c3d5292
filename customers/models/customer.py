"""Customers and the names they are found by."""

import re

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stores.constraints import SameStore, TextSearch
from stores.models import Store
from stores.models.defaults import EMPTY, NO, ZERO
from stores.models.keys import checked_key

LISTED = Q(archived_at=None)
ARCHIVED = Q(archived_at__isnull=False)


def listed_index(*fields: str, name: str) -> models.Index:
    """An index that lists walk: within a store, ties by id, archived customers left out."""
    return models.Index(fields=["store", *fields, "id"], condition=LISTED, name=name)


class Consent(models.TextChoices):
    """Where the word that somebody wants the news came from."""

    HAND = "hand", _("by hand")
    IMPORT = "import", _("import")
    IN_WORLD = "in_world", _("in-world")


class Customer(models.Model):
    """Someone who bought, received a gift, or was added. Figures are written only by
    `customers.figures`.
    """

    store = models.ForeignKey(
        Store,
        verbose_name=_("store"),
        on_delete=models.PROTECT,
        related_name="customers",
        db_index=False,
    )
    username = models.CharField(_("username"), max_length=64)
    name_key = models.CharField(max_length=200, editable=False)
    uuid = models.UUIDField("UUID", null=True, blank=True)
    email = models.EmailField(_("e-mail"), blank=True, **EMPTY)
    note = models.TextField(_("note"), blank=True, max_length=2000, **EMPTY)
    picture = models.ImageField(upload_to="customers/", blank=True, **EMPTY)
    discount = models.PositiveSmallIntegerField(_("discount"), **ZERO)
    subscriber = models.BooleanField(_("news subscriber"), **NO)
    subscriber_source = models.CharField(
        _("consent given by"), max_length=8, choices=Consent.choices, blank=True, **EMPTY
    )
    subscriber_at = models.DateTimeField(_("consent given at"), null=True, blank=True)
    group_member = models.BooleanField(_("group member"), **NO)
    group_confirmed_at = models.DateTimeField(_("membership confirmed at"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    created_at = models.DateTimeField(
        _("created at"), default=timezone.now, db_default=Now(), editable=False
    )

    spent = models.BigIntegerField(_("spent"), editable=False, **ZERO)
    spent_year = models.BigIntegerField(_("spent in a year"), editable=False, **ZERO)
    owns = models.IntegerField(_("owns"), editable=False, **ZERO)
    first_purchase_at = models.DateTimeField(_("first purchase"), null=True, editable=False)
    last_purchase_at = models.DateTimeField(_("last purchase"), null=True, editable=False)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "id"], name="customer_in_store"),
            models.UniqueConstraint(fields=["store", "name_key"], name="customer_name_once"),
            models.UniqueConstraint(fields=["store", "uuid"], name="customer_uuid_once"),
            models.CheckConstraint(
                condition=Q(discount__range=(0, 100)), name="customer_discount_range"
            ),
            models.CheckConstraint(condition=Q(owns__gte=0), name="customer_owns_not_negative"),
            models.CheckConstraint(condition=~Q(name_key=""), name="customer_has_a_name"),
        ]
        indexes = [
            listed_index("spent", name="customer_by_spent"),
            listed_index("spent_year", name="customer_by_spent_year"),
            listed_index("owns", name="customer_by_owns"),
            listed_index("discount", name="customer_by_discount"),
            listed_index("subscriber", name="customer_by_subscriber"),
            listed_index("group_member", name="customer_by_group_member"),
            listed_index("last_purchase_at", name="customer_by_last_purchase"),
            listed_index("first_purchase_at", name="customer_by_first_purchase"),
            models.Index(
                fields=["store", "archived_at", "id"],
                condition=ARCHIVED,
                name="customer_by_archived",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def get_absolute_url(self) -> str:
        return reverse("customers:profile", args=[self.store.slug, self.pk])

    @property
    def initials(self) -> str:
        return initials(self.username)

    @property
    def hue(self) -> int:
        return hue(self.username)


class OldName(models.Model):
    """A name that a customer had before: it finds them and never matches an imported row."""

    store = models.ForeignKey(
        Store,
        verbose_name=_("store"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="old_names",
        db_constraint=False,
    )
    username = models.CharField(_("username"), max_length=64)
    until = models.DateTimeField(_("had until"), default=timezone.now)

    class Meta:
        verbose_name = _("old name")
        verbose_name_plural = _("old names")
        ordering = ["-until", "-id"]
        constraints = [SameStore(field="customer", name="oldname_customer_same_store")]

    def __str__(self) -> str:
        return self.username


class SearchText(models.Model):
    """All that finds a customer, folded: names, old names, uuid, e-mail, a line each. Apart from
    the wide table, since its index is dear to rewrite. Written only by `customers.search.index`.
    """

    customer = models.OneToOneField(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="search_text",
        db_constraint=False,
    )
    store = checked_key(Store, _("store"))
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("search text")
        verbose_name_plural = _("search texts")
        constraints = [
            SameStore(field="customer", name="searchtext_customer_same_store"),
            TextSearch(field="text", name="customers_search"),
        ]
        indexes = [
            models.Index(
                fields=["store", "text"],
                opclasses=["int8_ops", "text_pattern_ops"],
                name="searchtext_by_start",
            )
        ]

    def __str__(self) -> str:
        return self.text


def initials(username: str) -> str:
    """One or two letters that stand in for a picture."""
    words = [word for word in re.split(r"[\W_]+", username) if word]
    letters = "".join(word[0] for word in words[:2]) or "?"
    return letters.upper()[:2]


def hue(username: str) -> int:
    """A steady colour of the name, 0 to 11."""
    return sum(ord(letter) * (place + 1) for place, letter in enumerate(username)) % 12
