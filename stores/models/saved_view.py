"""A list as somebody wants to find it again, under a name."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stores.constraints import SameStore

from .member import Member
from .store import Store

MOST_QUERY = 4_000


class SavedView(models.Model):
    """What a list showed: `query` holds filters, sort and columns as its address does, and is read
    anew each time. A `member` has it alone; without one it is everybody's in the store. Written
    only by `stores.saved_views`.
    """

    store = models.ForeignKey(
        Store, verbose_name=_("store"), on_delete=models.CASCADE, related_name="+"
    )
    member = models.ForeignKey(
        Member, verbose_name=_("member"), on_delete=models.CASCADE, null=True, related_name="+"
    )
    list_name = models.CharField(_("list"), max_length=60)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("query"), max_length=MOST_QUERY)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["store", "id"], name="saved_view_in_store"),
            models.UniqueConstraint(
                fields=["store", "list_name", "member", "name"], name="saved_view_named_once"
            ),
            models.UniqueConstraint(
                fields=["store", "list_name", "name"],
                condition=Q(member=None),
                name="saved_view_shared_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
            SameStore(field="member", name="saved_view_member_same_store"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        return self.member_id is None
