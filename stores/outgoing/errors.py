"""Why there is no answer."""

from django.utils.translation import gettext_lazy as _


class Refused(ValueError):
    """We do not ask there, now or later; the text says why."""


class Unreachable(Exception):
    """There was no whole answer in time; the text says why. Another try may succeed, and what was
    sent may have arrived.
    """


NO_HOST = _("no such host")
NO_CONNECTION = _("no connection")
TOO_LONG = _("took too long")
NO_CERTIFICATE = _("no valid certificate")
BROKEN = _("no whole answer")
