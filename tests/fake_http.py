"""A server that a test holds in its hand: real sockets on this machine, answers that a test writes byte by byte."""

import re
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

HEAD = re.compile(rb"\A(\w+) (\S+) HTTP/1\.1\r\n(.*?)\r\n\r\n", re.DOTALL)


class Request:
    def __init__(self, method: str, path: str, headers: dict[str, str], body: bytes):
        self.method, self.path, self.headers, self.body = method, path, headers, body


Answer = Callable[[socket.socket, Request], None]


class FakeServer:
    """Answers each request by `answer`, which writes to the socket itself; `asked` holds what came in."""

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None = None):
        self.answer, self.tls = answer, tls
        self.asked: list[Request] = []
        # Set when the test is over: what would go on for ever stops then.
        self.over = threading.Event()
        self.sent = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._take, daemon=True)]

    def __enter__(self) -> "FakeServer":
        self._threads[0].start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(5)

    def _take(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._threads.append(threading.Thread(target=self.serve, args=(connection,)))
            self._threads[-1].start()

    def serve(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        with connection, suppress(OSError):
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                request = read_request(connection)
                if request:
                    self.asked.append(request)
                    self.answer(connection, request)


def read_request(connection: socket.socket) -> Request | None:
    received = b""
    while not (head := HEAD.match(received)):
        piece = connection.recv(65536)
        if not piece:
            return None
        received += piece
    lines = [line.partition(":") for line in head[3].decode().split("\r\n")]
    headers = {name.lower(): value.strip() for name, _, value in lines}
    body = received[head.end() :]
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Request(head[1].decode(), head[2].decode(), headers, body)


def says(
    status: int = 200, body: bytes = b"ok", *, headers: str = "", length: int | None = None
) -> Answer:
    """A whole answer at once."""
    head = (
        f"HTTP/1.1 {status} Said\r\nContent-Length: {len(body) if length is None else length}\r\n"
    )

    def answer(connection: socket.socket, request: Request) -> None:
        connection.sendall(f"{head}{headers}\r\n".encode() + body)

    return answer
