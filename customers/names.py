"""Names of customers: how they are written and when two are one."""

import re
import unicodedata

from django.utils.translation import gettext as _

from stores.models import NameRule

MAX_LENGTH = 64
RESIDENT = "resident"
_SECOND_LIFE = re.compile(r"[a-z0-9]+(?:\.[a-z0-9]+)?", re.ASCII)


class BadName(ValueError):
    """A name that no customer of the store can have; the text says why."""


def normalise(name: str, rule: str) -> str:
    """The name as it is stored: `Jane Doe` -> `jane.doe` in Second Life, unchanged but for spaces
    elsewhere.

    Raises BadName.
    """
    written = " ".join(unicodedata.normalize("NFKC", name).split())
    if not written:
        raise BadName(_("Enter a name."))
    if len(written) > MAX_LENGTH:
        raise BadName(_("A name has at most %(number)s characters.") % {"number": MAX_LENGTH})
    if not written.isprintable() and any(map(_is_control, written)):
        raise BadName(_("A name has no control characters."))
    return _second_life(written) if rule == NameRule.SECOND_LIFE else written


def name_key(name: str) -> str:
    """What makes two names one within a store. Computed here, since databases fold letters
    differently.
    """
    return unicodedata.normalize("NFKC", name).casefold()


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs")


def _second_life(written: str) -> str:
    parts = written.casefold().replace(".", " ").split()
    if len(parts) == 2 and parts[1] == RESIDENT:
        parts.pop()
    username = ".".join(parts)
    if not _SECOND_LIFE.fullmatch(username):
        raise BadName(
            _(
                "Enter a Second Life username such as jane.doe or janedoe:"
                " letters a to z, digits and one dot."
            )
        )
    return username
