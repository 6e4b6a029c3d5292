"""Asks another machine, and takes from its answer what was asked for."""

import functools
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext as _
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as NothingRead
from urllib3.response import BaseHTTPResponse

from . import addresses, errors
from .errors import Refused, Unreachable
from .purposes import Purpose

AGENT = "storeadmin"


@dataclass(frozen=True)
class Reply:
    """The status, and the beginning of the body; `cut` if there was more of it. A redirect is an
    answer like any other.
    """

    status: int
    body: bytes
    cut: bool

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def get(address: str, *, purpose: Purpose, headers: Mapping[str, str] | None = None) -> Reply:
    """What stands at an address. Raises Refused, Unreachable."""
    return _ask("GET", address, purpose, None, headers or {})


def post(
    address: str, *, purpose: Purpose, body: bytes, headers: Mapping[str, str] | None = None
) -> Reply:
    """What is answered to a body sent there. Raises Refused, and Unreachable, after which the body
    may have arrived nevertheless.
    """
    if len(body) > purpose.most_sent:
        text = _("More than %(number)s bytes are not sent to %(name)s.")
        raise Refused(text % {"number": purpose.most_sent, "name": purpose.name})
    return _ask("POST", address, purpose, body, headers or {})


def _ask(
    method: str, address: str, purpose: Purpose, body: bytes | None, headers: Mapping[str, str]
) -> Reply:
    target = addresses.check(address, purpose=purpose)
    until = time.monotonic() + purpose.seconds
    found = addresses.look_up(target, seconds=purpose.seconds)
    sock = _connect(found, purpose, until)
    with (
        sock,
        Watch(sock, until - time.monotonic()) as watch,
        _said_plainly(watch),
        closing(_over(sock, target, until - time.monotonic())) as connection,
    ):
        sent = {"User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
        connection.request(
            method, target.path, body, sent, preload_content=False, decode_content=False
        )
        with closing(connection.getresponse()) as response:
            # One more than wanted, to know whether there is more; the rest is never read.
            begun = _beginning(response, purpose.most_read + 1)
    return Reply(response.status, begun[: purpose.most_read], len(begun) > purpose.most_read)


def _beginning(response: BaseHTTPResponse, most: int) -> bytes:
    """At most so many bytes; that the end came too early shows only when there is nothing left."""
    begun = b""
    while len(begun) < most and (piece := response.read(most - len(begun))):
        begun += piece
    return begun


def _connect(found: list[tuple[Any, Any]], purpose: Purpose, until: float) -> socket.socket:
    """A socket to the first of the checked addresses that takes one."""
    reason = errors.NO_CONNECTION
    for family, place in found:
        left = min(purpose.connect_seconds, until - time.monotonic())
        if left <= 0:
            break
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(left)
            sock.connect(place)
        except OSError as error:
            sock.close()
            reason = errors.TOO_LONG if isinstance(error, TimeoutError) else reason
        else:
            return sock
    raise Unreachable(reason)


def _over(sock: socket.socket, target: addresses.Target, seconds: float) -> HTTPConnection:
    """A connection that speaks over this socket, and would have no other name to look up."""
    if seconds <= 0:
        raise TimeoutError
    sock.settimeout(seconds)
    if target.scheme == "http":
        plain = HTTPConnection(target.host, target.port, timeout=seconds)
        plain.sock = sock
        return plain
    secure = HTTPSConnection(target.host, target.port, timeout=seconds)
    secure.sock = _tls().wrap_socket(sock, server_hostname=target.host.strip("[]"))
    return secure


@functools.cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class Watch:
    """Cuts a connection when the time is up. A timeout of the socket would begin anew with each
    byte that drips in.
    """

    def __init__(self, sock: socket.socket, seconds: float):
        # A descriptor of its own: TLS takes the other one over, and closes it.
        self._sock = sock.dup()
        self._timer = threading.Timer(max(seconds, 0), self._cut)
        self._timer.daemon = True
        self.is_over = False

    def _cut(self) -> None:
        self.is_over = True
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._timer.cancel()
        self._timer.join()
        self._sock.close()


@contextmanager
def _said_plainly(watch: Watch) -> Iterator[None]:
    """What goes wrong within the block, as Unreachable."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise Unreachable(errors.NO_CERTIFICATE) from None
    except (OSError, http.client.HTTPException, HTTPError) as error:
        late = watch.is_over or isinstance(error, TimeoutError | NothingRead)
        raise Unreachable(errors.TOO_LONG if late else errors.BROKEN) from None
    # What was cut may look like an answer that ends there.
    if watch.is_over:
        raise Unreachable(errors.TOO_LONG)
