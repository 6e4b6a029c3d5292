"""What is taken off at a vendor as one value: whole per cent for everybody, and for members."""

from typing import NamedTuple

from django.utils.translation import gettext as _


class Rates(NamedTuple):
    """`discount` is for everybody, `members` for members of the store's group."""

    discount: int
    members: int

    @property
    def words(self) -> str:
        return _("%(discount)s %%, members %(members)s %%") % self._asdict()


class Asked(NamedTuple):
    """What a bulk change shall make of them; None is left as it is."""

    discount: int | None
    members: int | None

    @property
    def words(self) -> str:
        if self.members is None:
            text = _("discount %(discount)s %%")
        elif self.discount is None:
            text = _("members' rate %(members)s %%")
        else:
            text = _("discount %(discount)s %%, members' rate %(members)s %%")
        return text % self._asdict()

    def of(self, was: Rates) -> Rates:
        return Rates(
            was.discount if self.discount is None else self.discount,
            was.members if self.members is None else self.members,
        )
