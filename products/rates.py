"""What is taken off at a vendor as one value: whole per cent for everybody, and for members."""

from typing import NamedTuple


class Rates(NamedTuple):
    """`discount` is for everybody, `members` for members of the store's group."""

    discount: int
    members: int

    @property
    def words(self) -> str:
        return f"{self.discount} %, members {self.members} %"


class Asked(NamedTuple):
    """What a bulk change shall make of them; None is left as it is."""

    discount: int | None
    members: int | None

    @property
    def words(self) -> str:
        asked = {"discount": self.discount, "members' rate": self.members}
        return ", ".join(f"{name} {value} %" for name, value in asked.items() if value is not None)

    def of(self, was: Rates) -> Rates:
        return Rates(
            was.discount if self.discount is None else self.discount,
            was.members if self.members is None else self.members,
        )
