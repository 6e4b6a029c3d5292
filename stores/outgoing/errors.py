"""Why there is no answer."""


class Refused(ValueError):
    """We do not ask there, now or later; the text says why."""


class Unreachable(Exception):
    """There was no whole answer in time; the text says why. Another try may succeed, and what was
    sent may have arrived.
    """


NO_HOST = "no such host"
NO_CONNECTION = "no connection"
TOO_LONG = "took too long"
NO_CERTIFICATE = "no valid certificate"
BROKEN = "no whole answer"
