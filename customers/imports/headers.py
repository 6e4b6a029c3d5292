"""Which column of a customer file is which field: by our own headers, then by the documented rules
of other systems, first match wins. Pure.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import columns
from stores.nouns import Words

USERNAME = "username"
UUID = "uuid"
EMAIL = "email"
NOTE = "note"
CREDIT = "credit"
GIFT_CARDS = "gift_card_credits"
RESTRICTED = "restricted"
DISCOUNT = "discount"
SUBSCRIBER = "subscriber"
GROUP_MEMBER = "group_member"

LABELS: dict[str, Words] = {
    USERNAME: gettext_lazy("Username"),
    UUID: "UUID",
    EMAIL: gettext_lazy("E-mail"),
    NOTE: gettext_lazy("Note"),
    CREDIT: gettext_lazy("Credit"),
    GIFT_CARDS: gettext_lazy("Gift card credits, added to Credit"),
    RESTRICTED: gettext_lazy("Restricted Credit"),
    DISCOUNT: gettext_lazy("Discount"),
    SUBSCRIBER: gettext_lazy("News Subscriber"),
    GROUP_MEMBER: gettext_lazy("Group Member"),
}
IGNORED = ""
# Computed from purchases: a file cannot set them.
FIGURES = (
    columns.SPENT,
    columns.SPENT_YEAR,
    columns.OWNS,
    columns.FIRST_PURCHASE,
    columns.LAST_PURCHASE,
)
OURS = {
    columns.USERNAME: USERNAME,
    columns.UUID: UUID,
    columns.EMAIL: EMAIL,
    columns.NOTE: NOTE,
    columns.CREDIT: CREDIT,
    columns.RESTRICTED: RESTRICTED,
    columns.DISCOUNT: DISCOUNT,
    columns.SUBSCRIBER: SUBSCRIBER,
    columns.GROUP_MEMBER: GROUP_MEMBER,
    **dict.fromkeys(FIGURES, IGNORED),
}
# What a column of each field is called where its file has no header.
NAMES = {**{field: name for name, field in OURS.items() if field}, GIFT_CARDS: "Gift Card Credits"}
# A header that contains one of the words, whatever its case, is the field. The order matters.
RULES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("key", "uuid"), UUID),
    (("name", "customer"), USERNAME),
    (("gift card credits", "gift_card_credits"), GIFT_CARDS),
    (("restrictedcredit",), RESTRICTED),
    (("credit",), CREDIT),
    (("discount",), DISCOUNT),
    (("subscriber",), SUBSCRIBER),
    (("group",), GROUP_MEMBER),
)
# What a header of another system says that no rule knows.
CASPERVEND = {"balance": CREDIT}
E2V = (USERNAME, UUID, CREDIT)


@dataclass(frozen=True)
class Column:
    """A column of the file with the field that it is read as; '' is ignored."""

    place: int
    header: str
    field: str


def recognise(headers: Sequence[str], also: dict[str, str] | None = None) -> list[Column]:
    """Each header with its field; `also` knows further headers, in lower case, as a whole."""
    return [Column(place, header, field_of(header, also)) for place, header in enumerate(headers)]


def field_of(header: str, also: dict[str, str] | None = None) -> str:
    """The field that a header is read as, or ''."""
    if header in OURS:
        return OURS[header]
    folded = header.casefold()
    if also and folded in also:
        return also[folded]
    return by_rules(folded)


def by_rules(folded: str) -> str:
    """What the documented rules alone make of a header in lower case."""
    for words, field in RULES:
        if any(word in folded for word in words):
            return field
    return IGNORED


def traps(read: Sequence[Column]) -> list[str]:
    """What an owner ought to look at before they trust the columns: sentences."""
    said = [*_doubles(read), *(text for column in read if (text := _trap(column)))]
    unknown = [
        f"“{column.header}”"
        for column in read
        if column.field == IGNORED and column.header and column.header not in FIGURES
    ]
    if unknown:
        said.append(
            _("Ignored, since no field is known for them: %(unknown)s.")
            % {"unknown": ", ".join(unknown)}
        )
    figures = [f"“{column.header}”" for column in read if column.header in FIGURES]
    if figures:
        said.append(
            _("Ignored, since purchases alone make them: %(figures)s.")
            % {"figures": ", ".join(figures)}
        )
    return said


def contradictions(fields: Sequence[str]) -> list[str]:
    """Why the columns cannot be read as those fields: two for one field, or nobody named.

    Credit and gift card credits add up, so both may be there.
    """
    counts = Counter(field for field in fields if field != IGNORED)
    said = [
        _("Two columns are read as %(field)s: choose one of them.") % {"field": LABELS[field]}
        for field, number in counts.items()
        if number > 1
    ]
    if not counts[USERNAME] and not counts[UUID]:
        said.append(_("No column says who it is: choose one for Username or UUID."))
    return said


def _doubles(read: Sequence[Column]) -> list[str]:
    """Columns that are read as one field."""
    by_field: dict[str, list[str]] = {}
    for column in read:
        by_field.setdefault(column.field, []).append(f"“{column.header}”")
    return [
        _("%(names)s are read as one field, %(field)s: choose one of them.")
        % {"names": _(" and ").join(names), "field": LABELS[field]}
        for field, names in by_field.items()
        if field != IGNORED and len(names) > 1
    ]


def _trap(column: Column) -> str:
    folded = column.header.casefold()
    if column.field == USERNAME and _says_more(folded):
        return _("“%(column)s” is read as the username, since it says customer or name.") % {
            "column": column.header
        }
    if column.field == UUID and re.search("key[a-z]", folded) and "uuid" not in folded:
        return _("“%(column)s” is read as the UUID, since it contains “key”.") % {
            "column": column.header
        }
    if column.field == RESTRICTED and by_rules(folded) == CREDIT:
        return _("“%(column)s” is read as Restricted Credit; other systems add it to Credit.") % {
            "column": column.header
        }
    if column.field == CREDIT and "restricted" in folded:
        return _("“%(column)s” is read as Credit: is it Restricted Credit?") % {
            "column": column.header
        }
    if column.field == CREDIT and "gift" in folded:
        return _("“%(column)s” is read as Credit, not as gift card credits.") % {
            "column": column.header
        }
    return ""


def _says_more(folded: str) -> bool:
    """Whether a header that is read as the name has a word of a later rule."""
    return any(word in folded for words, _ in RULES[2:] for word in words)
