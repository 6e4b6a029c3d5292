"""How long ago something was, and how long it still takes, in words."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)
SKEW = dt.timedelta(minutes=1)
MINUTE, HOUR = 60, 3600
# What a start says of the rest is little before this, and a rest beyond that is a poor guess.
FIRST_GUESS = dt.timedelta(seconds=2)
LONGEST_GUESS = dt.timedelta(hours=1)


def ago(then: dt.datetime, now: dt.datetime) -> str:
    """How long ago it was, both being in one zone; '' for what is a week old or still to come. The
    clocks of two machines may differ by a little.
    """
    gone = now - then
    if not -SKEW < gone < WEEK:
        return ""
    seconds = int(gone.total_seconds())
    if seconds < MINUTE:
        return _("just now")
    if seconds < HOUR:
        minutes = seconds // MINUTE
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    if gone < DAY:
        hours = seconds // HOUR
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    days = (now.date() - then.date()).days
    if days == 1:
        return _("yesterday")
    return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}


def left(*, done: int, planned: int, since: dt.datetime | None, now: dt.datetime) -> str:
    """How long the rest takes if it goes on as it has; '' where that is not known."""
    if since is None or not 0 < done < planned or now - since < FIRST_GUESS:
        return ""
    rest = (now - since) * (planned - done) / done
    if rest > LONGEST_GUESS:
        return ""
    minutes = round(rest.total_seconds() / MINUTE)
    if minutes < 1:
        return _("less than a minute left")
    return ngettext("about %(n)d minute left", "about %(n)d minutes left", minutes) % {"n": minutes}
