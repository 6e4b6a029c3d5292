"""A user's role in a store."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stores.rights import Right, rights_of

from .store import Store
from .user import User


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    CLERK = "clerk", _("Clerk")
    VIEWER = "viewer", _("Viewer")


class Member(models.Model):
    """What a user may do in a store follows from the role alone (`stores/rights.toml`).

    `looks` says by the name of a list how they want it to look: the matter of `stores.looks`.
    """

    store = models.ForeignKey(
        Store, verbose_name=_("store"), on_delete=models.CASCADE, related_name="members"
    )
    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=8, choices=Role.choices)
    looks = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["store", "user"]
        constraints = [
            models.UniqueConstraint(fields=["store", "user"], name="member_once_per_store"),
            models.UniqueConstraint(fields=["store", "id"], name="member_in_store"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="member_role_known"
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(user)s, %(role)s of %(store)s") % {
            "user": self.user,
            "role": self.get_role_display().lower(),
            "store": self.store,
        }

    def may(self, right: Right) -> bool:
        return right in rights_of(self.role)
