"""Which addresses may be asked: read once, looked up once, every answer checked."""

import ipaddress
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from .errors import NO_HOST, TOO_LONG, Refused, Unreachable
from .purposes import Purpose

LONGEST = 500
DEFAULT_PORTS = {"http": 80, "https": 443}
# Names and plain addresses; neither user:password@, nor a fragment, nor a letter beyond ASCII.
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[!\"$-~]*)?",
    re.ASCII | re.IGNORECASE,
)
# Only what is global unicast may be asked; of it, these lead elsewhere: to a v4 address that is
# wrapped in them, or to nobody.
_GLOBAL = ipaddress.ip_network("2000::/3")
_FORBIDDEN = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24"
        " 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16"
        " 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3"
        " 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20"
    ).split()
]
# The system's look-up takes no timeout, so it is waited for from outside.
_look_ups = ThreadPoolExecutor(max_workers=8, thread_name_prefix="look-up")


@dataclass(frozen=True)
class Target:
    """An address that may be asked. `named` in the settings, host and all: it may be private."""

    scheme: str
    host: str
    port: int
    path: str
    named: bool


def check(address: str, *, purpose: Purpose) -> Target:
    """The address in its parts, without looking it up. Raises Refused."""
    found = _ADDRESS.fullmatch(address) if len(address) <= LONGEST else None
    if found is None:
        raise Refused(_("This is no address like https://host/path."))
    scheme, host = found["scheme"].lower(), found["host"].lower()
    port = int(found["port"] or DEFAULT_PORTS[scheme])
    usual = purpose.ports.get(scheme) == port
    named = _is_named(host, port, usual=usual)
    if not named and not (usual and (purpose.allows_host(host) or _ends_as_named(host))):
        text = _("%(host)s is not where %(name)s is.")
        raise Refused(text % {"host": f"{host}:{port}", "name": purpose.name})
    path = found["path"] or "/"
    if not purpose.allows_path(path):
        raise Refused(_("This path is not one of %(name)s.") % {"name": purpose.name})
    return Target(scheme, host, port, path, named)


def look_up(target: Target, *, seconds: float) -> list[tuple[Any, Any]]:
    """Family and socket address of all that the name stands for; the only look-up there is.

    Raises Refused if any of them is not for the public, Unreachable if there is none.
    """
    asked = _look_ups.submit(
        socket.getaddrinfo, target.host.strip("[]"), target.port, type=socket.SOCK_STREAM
    )
    try:
        answers = asked.result(timeout=seconds)
    except TimeoutError:
        raise Unreachable(TOO_LONG) from None
    except (OSError, UnicodeError):
        raise Unreachable(NO_HOST) from None
    if not target.named and any(is_forbidden(answer[4][0]) for answer in answers):
        text = _("%(host)s leads to an address that is not public.")
        raise Refused(text % {"host": target.host})
    return [(answer[0], answer[4]) for answer in answers]


def is_forbidden(written: Any) -> bool:
    """Whether an address is of this machine, of a network inside, or of nobody in particular."""
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return True
    if address.version == 6 and address not in _GLOBAL:
        return True
    return not address.is_global or any(address in network for network in _FORBIDDEN)


def _is_named(host: str, port: int, *, usual: bool) -> bool:
    """Whether the settings name this very host: with this port, or with none on a usual one."""
    named = settings.OUTGOING_HOSTS
    return f"{host}:{port}" in named or (usual and host in named)


def _ends_as_named(host: str) -> bool:
    """Whether the settings name all hosts that end so: `.grid.example`."""
    return any(host.endswith(end) for end in settings.OUTGOING_HOSTS if end.startswith("."))
