"""The one guarded client: what it asks and what it never asks, against a server over real sockets."""

import ast
import dataclasses
import ipaddress
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from stores import outgoing
from stores.outgoing import BOX, PICTURE, RESIDENT, Refused, Unreachable, addresses, client
from tests.fake_http import FakeServer, says
from tests.test_repository import OWN_MODULES, ROOT

CAP = "/cap/0a1b2c3d-0000-4000-8000-00000000cafe"
HOST = "simhost-0a1b2c.agni.secondlife.io"
ADDRESS = f"http://{HOST}:12046{CAP}"
PUBLIC = "54.71.20.3"
HURRIED = dataclasses.replace(BOX, connect_seconds=0.3, seconds=0.3)


class Network:
    """Names and roads of a world of our own: `found` says what each look-up of a name finds, one after another."""

    def __init__(self):
        self.found: dict[str, list[list[str]]] = {}
        self.looked_up: list[str] = []
        self.connected: list[tuple[str, int]] = []
        self.server: FakeServer | None = None


@pytest.fixture
def network(monkeypatch):
    """Look-ups are answered here, and roads to public addresses lead to the server of the test, if there is one."""
    network = Network()
    connect = socket.socket.connect

    def look_up(host, port, **kwargs):
        network.looked_up.append(host)
        answers = network.found.get(host) or [[host]]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [answer_of(one, port) for one in found]

    def take_road(sock, place):
        network.connected.append(place[:2])
        if network.server is None:
            raise ConnectionRefusedError
        connect(sock, ("127.0.0.1", network.server.port))

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", take_road)
    return network


def answer_of(written: str, port: int):
    try:
        version = ipaddress.ip_address(written).version
    except ValueError:
        raise socket.gaierror(socket.EAI_NONAME, "unknown") from None
    if version == 6:
        return socket.AF_INET6, socket.SOCK_STREAM, 6, "", (written, port, 0, 0)
    return socket.AF_INET, socket.SOCK_STREAM, 6, "", (written, port)


@contextmanager
def box(network, answer):
    """A delivery box that answers so, at a public address."""
    network.found[HOST] = [[PUBLIC]]
    with FakeServer(answer) as network.server:
        yield network.server


def send(body=b'{"id": 1}', *, purpose=BOX, address=ADDRESS, **options):
    return outgoing.post(address, purpose=purpose, body=body, **options)


# What is asked


def test_a_box_is_asked_at_the_address_that_was_checked(network):
    with box(network, says(200, b"OK")) as server:
        reply = send(headers={"Content-Type": "application/json"})

    (asked,) = server.asked
    assert reply == outgoing.Reply(200, b"OK", cut=False)
    assert reply.ok
    assert (network.looked_up, network.connected) == ([HOST], [(PUBLIC, 12046)])
    assert (asked.method, asked.path, asked.body) == ("POST", CAP, b'{"id": 1}')
    assert asked.headers["host"] == f"{HOST}:12046"
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["user-agent"] == "storeadmin"


def test_a_page_is_read(network):
    network.found["world.secondlife.com"] = [[PUBLIC]]

    with pytest.raises(Unreachable, match="no connection"):
        outgoing.get(f"https://world.secondlife.com/resident/{CAP[5:]}", purpose=RESIDENT)

    assert network.connected == [(PUBLIC, 443)]


def test_every_address_of_a_name_is_tried_until_one_takes_the_connection(network):
    network.found[HOST] = [[PUBLIC, "2600:1f14::5", "54.71.20.4"]]

    with pytest.raises(Unreachable):
        send()

    assert network.connected == [(PUBLIC, 12046), ("2600:1f14::5", 12046), ("54.71.20.4", 12046)]


def test_proxies_of_the_environment_are_not_asked(network, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    with box(network, says()):
        assert send().ok

    assert network.connected == [(PUBLIC, 12046)]


# What comes back


@pytest.mark.parametrize("status", [204, 301, 302, 307, 308, 404, 415, 500, 502, 503])
def test_every_status_is_an_answer_and_no_redirect_is_followed(network, status):
    away = "Location: http://127.0.0.1:12046/cap/\r\n"

    with box(network, says(status, b"", headers=away)) as server:
        reply = send()

    assert (reply.status, reply.ok) == (status, status == 204)
    assert len(server.asked) == len(network.connected) == 1


@pytest.mark.parametrize("framed", ["by its end", "by its length", "in chunks"])
def test_of_a_gigabyte_only_the_beginning_is_read(network, framed):
    head = {"by its end": "", "by its length": "Content-Length: 1073741824\r\n"}.get(
        framed, "Transfer-Encoding: chunked\r\n"
    )
    piece = bytes(1 << 20)
    if framed == "in chunks":
        piece = b"100000\r\n" + piece + b"\r\n"

    def pour(connection, request):
        connection.sendall(f"HTTP/1.1 200 OK\r\n{head}\r\n".encode())
        for _ in range(1024):
            connection.sendall(piece)
            server.sent += len(piece)

    with box(network, pour) as server:
        reply = send()

    assert (reply.body, reply.cut) == (bytes(200), True)
    assert server.sent < 32 << 20


def test_an_answer_is_taken_as_it_comes_not_unpacked(network):
    with box(network, says(200, b"\x1f\x8bnot", headers="Content-Encoding: gzip\r\n")) as server:
        assert send().body == b"\x1f\x8bnot"

    assert server.asked[0].headers["accept-encoding"] == "identity"


def closes(connection, request):
    """No answer at all."""


def says_raw(content: bytes):
    def answer(connection, request):
        connection.sendall(content)

    return answer


BROKEN = {
    "closes": closes,
    "half a status": says_raw(b"HTTP/1.1 2"),
    "half a body": says(200, b"half", length=100),
    "half a chunk": says_raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf"),
    "bad chunks": says_raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno\r\n"),
    "another protocol": says_raw(b"220 mail.example ESMTP\r\n"),
    "a status that is none": says_raw(b"HTTP/1.1 20000 OK\r\n\r\n"),
    "a head without end": says_raw(b"HTTP/1.1 200 OK\r\nA: " + b"a" * 70_000),
    "too many headers": says_raw(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n"),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_what_is_no_whole_answer_is_worth_another_try(network, answer):
    with box(network, answer), pytest.raises(Unreachable, match="no whole answer"):
        send()


def test_a_reset_is_worth_another_try(network):
    def reset(connection, request):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    with box(network, reset), pytest.raises(Unreachable, match="no whole answer"):
        send()


# Time


def silent(server):
    server.over.wait(5)


def drips(server, connection, drop: bytes):
    """Much more often than a timeout of the socket, and without end."""
    while not server.over.wait(0.02):
        connection.sendall(drop)


SLOW = {
    "says nothing": lambda server, connection: silent(server),
    "drips its head": lambda server, connection: (
        connection.sendall(b"HTTP/1.1 200 OK\r\nA: "),
        drips(server, connection, b"a"),
    ),
    "goes on to say continue": lambda server, connection: drips(
        server, connection, b"HTTP/1.1 100 Continue\r\n\r\n"
    ),
    "drips its body": lambda server, connection: (
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"),
        drips(server, connection, b"a"),
    ),
    "drips a body without length": lambda server, connection: (
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n"),
        drips(server, connection, b"a"),
    ),
    "drips chunks": lambda server, connection: (
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        drips(server, connection, b"1\r\na\r\n"),
    ),
}


@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW)
def test_time_is_counted_as_a_whole(network, answer):
    began = time.monotonic()

    with box(network, lambda connection, _: answer(network.server, connection)):
        with pytest.raises(Unreachable, match="took too long"):
            send(purpose=HURRIED)
        took = time.monotonic() - began

    assert 0.25 < took < 2
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]


def test_a_look_up_that_hangs_is_not_waited_for(network, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: go_on.wait(5) and [])

    with pytest.raises(Unreachable, match="took too long"):
        send(purpose=HURRIED)
    go_on.set()

    assert network.connected == []


def test_a_connection_that_hangs_is_given_up(network, monkeypatch):
    network.found[HOST] = [[PUBLIC, "54.71.20.4"]]
    waited = []

    def hang(sock, place):
        waited.append(sock.gettimeout())
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", hang)

    with pytest.raises(Unreachable, match="took too long"):
        send(purpose=dataclasses.replace(BOX, connect_seconds=3))

    assert waited == [3, 3]


def test_an_unknown_name_may_be_known_later(network):
    with pytest.raises(Unreachable, match="no such host"):
        send()

    assert (network.looked_up, network.connected) == ([HOST], [])


# What is never asked

INSIDE = [
    *"127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1".split(),
    *"172.31.255.255 192.168.0.1 192.168.255.255 169.254.0.1 169.254.169.254".split(),
    *"100.64.0.1 100.127.255.255 192.0.0.1 192.0.0.170 192.0.2.1 198.18.0.1".split(),
    *"198.19.255.255 198.51.100.7 203.0.113.9 192.88.99.1 224.0.0.1 239.255.255.255".split(),
    *"240.0.0.1 255.255.255.255 :: ::1 ::2 ::127.0.0.1 ::ffff:127.0.0.1".split(),
    *"::ffff:7f00:1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:54.71.20.3".split(),
    *"::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::7f00:1".split(),
    *"2002:7f00:1:: 2002:a9fe:a9fe:: 2002:c0a8:1::1 2001::1 2001:0:7f00:1::".split(),
    *"2001:0:4136:e378:8000:63bf:80ff:fffe 2001:10::1 2001:20::1 2001:db8::1".split(),
    *"3fff::1 5f00::1 100::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 febf::1".split(),
    *"fec0::1 ff02::1 ff0e::1 4000::1 ffff::1 nonsense".split(),
]


@pytest.mark.parametrize("inside", INSIDE)
def test_a_name_that_leads_inside_is_refused(network, monkeypatch, inside):
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, port, **kwargs: [(2, 1, 6, "", (inside, port))]
    )

    with box(network, says()) as server, pytest.raises(Refused, match="not public"):
        send()

    assert (network.connected, server.asked) == ([], [])


@pytest.mark.parametrize("inside", ["127.0.0.1", "::1", "::ffff:10.0.0.1", "169.254.169.254"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_bad_answer_among_good_ones_is_enough(network, inside, place):
    found = [PUBLIC, "2600:1f14::5"]
    found.insert(place, inside)

    with box(network, says()) as server, pytest.raises(Refused):
        network.found[HOST] = [found]
        send()

    assert (network.connected, server.asked) == ([], [])


def test_an_answer_that_changes_after_the_look_up_changes_nothing(network):
    with box(network, says()):
        network.found[HOST] = [[PUBLIC], ["127.0.0.1"]]
        assert send().ok
        with pytest.raises(Refused):
            send()

    assert network.looked_up == [HOST, HOST]
    assert network.connected == [(PUBLIC, 12046)]


@pytest.mark.parametrize("public", [PUBLIC, "1.1.1.1", "223.255.255.255", "2600:1f14::5"])
def test_a_public_address_is_not_refused(public):
    assert not addresses.is_forbidden(public)


def spellings(inside: str) -> list[str]:
    """Ways of writing an address of four numbers that some parser somewhere takes for it."""
    parts = [int(part) for part in inside.split(".")]
    whole = int(ipaddress.IPv4Address(inside))
    one, two, three, four = parts
    short = [f"{one}.{(two << 16) + (three << 8) + four}", f"{one}.{two}.{(three << 8) + four}"]
    octal, padded = [f"0{part:o}" for part in parts], [f"{part:03d}" for part in parts]
    hexes = [f"0x{part:x}" for part in parts]
    wide = inside.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    return [
        inside,
        f"{inside}.",
        *short,
        str(whole),
        f"0{whole:o}",
        f"0x{whole:x}",
        f"0X{whole:X}",
        str(whole + (1 << 32)),
        ".".join(octal),
        ".".join(padded),
        ".".join(hexes),
        ".".join([octal[0], hexes[1], str(three), str(four)]),
        "".join(f"%{ord(letter):02x}" for letter in inside),
        wide,
        inside.replace(".", "。"),
        inside.replace(".", "．"),
        f"[::ffff:{inside}]",
        f"[::{inside}]",
        f"[64:ff9b::{inside}]",
        f"[::ffff:{whole >> 16:x}:{whole & 0xFFFF:x}]",
        f"[2002:{whole >> 16:x}:{whole & 0xFFFF:x}::]",
        f"[{inside}]",
        f"{inside}.nip.io",
        f"{HOST}@{inside}",
        f"{HOST}:x@{inside}",
        f"{inside}#@{HOST}",
        f"{inside}?@{HOST}",
        f"{inside}\\@{HOST}",
        f"{inside}/@{HOST}",
        f"{inside}%00.{HOST}",
        f"{inside}\x00.{HOST}",
        f"{inside} {HOST}",
        f"{inside}\t.{HOST}",
        f"{inside}\n{HOST}",
    ]


ADDRESSES_INSIDE = "127.0.0.1 10.0.0.1 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1".split()
SPELLINGS = [spelling for inside in ADDRESSES_INSIDE for spelling in spellings(inside)] + [
    *"localhost LOCALHOST localhost. localhost.localdomain ip6-localhost [::1] [::]".split(),
    *"[0:0:0:0:0:0:0:1] [::1%25lo] [fe80::1] [fd00:ec2::254] 0 1 metadata.google.internal".split(),
    *"simhost-.agni.secondlife.io simhost-xyz.agni.secondlife.io secondlife.io".split(),
    *"agni.secondlife.io simhost-1.aditi.secondlife.io simhost-1.agni.secondlife.com".split(),
    *f"x{HOST} x.{HOST} {HOST}. {HOST}.example.org {HOST}.. .{HOST}".split(),
    *"simhost-1-agni.secondlife.io simhost-1.agni.secondlife.io.127.0.0.1.nip.io".split(),
    "simhost-1.agniXsecondlife.io",
    f"ⓛocalhost.{HOST}",
    HOST.replace("s", "ſ"),
    HOST.replace("a", "а"),
    HOST.replace(".", "。"),
    HOST.replace("-", "\N{SOFT HYPHEN}"),
    f"{HOST}\N{ZERO WIDTH SPACE}",
    f"{HOST}%2f@127.0.0.1",
    "",
    " ",
]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_spelling_of_an_address_gets_past(network, scheme):
    taken, port = [], BOX.ports[scheme]

    for host in SPELLINGS:
        for written in (f"{host}:{port}", host, f"{host}:80"):
            try:
                send(address=f"{scheme}://{written}{CAP}")
            except Refused:
                continue
            taken.append(written)

    assert taken == []
    assert (network.looked_up, network.connected) == ([], [])
    assert len(SPELLINGS) >= 200


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        f"//{HOST}:12046{CAP}",
        f"{HOST}:12046{CAP}",
        f"ftp://{HOST}:12046{CAP}",
        f"file://{HOST}:12046{CAP}",
        f"gopher://{HOST}:12046{CAP}",
        f"unix://{HOST}:12046{CAP}",
        f"javascript:http://{HOST}:12046{CAP}",
        f" http://{HOST}:12046{CAP}",
        f"http://{HOST}:12046{CAP} ",
        f"http://{HOST}:12046{CAP}\n",
        f"http://{HOST}:12046{CAP}\r\nX: y",
        f"http:/{HOST}:12046{CAP}",
        f"http:\\\\{HOST}:12046{CAP}",
        f"http://{HOST}{CAP}",
        f"http://{HOST}:12043{CAP}",
        f"https://{HOST}:12046{CAP}",
        f"http://{HOST}:22{CAP}",
        f"http://{HOST}:{CAP}",
        f"http://{HOST}:-1{CAP}",
        f"http://{HOST}:012046{CAP}",
        f"http://{HOST}:77582{CAP}",
        f"http://{HOST}:１２０４６{CAP}",
        f"http://{HOST}:12046",
        f"http://{HOST}:12046/",
        f"http://{HOST}:12046{CAP}/",
        f"http://{HOST}:12046{CAP}/../x",
        f"http://{HOST}:12046/cap/../{CAP}",
        f"http://{HOST}:12046/{CAP}",
        f"http://{HOST}:12046{CAP}?a=b",
        f"http://{HOST}:12046{CAP}#a",
        f"http://{HOST}:12046{CAP}%0d%0aX:y",
        f"http://{HOST}:12046{CAP.replace('-', '')}",
        f"http://{HOST}:12046{CAP}" + "a" * 600,
    ],
)
def test_only_whole_addresses_of_the_purpose_are_asked(network, address):
    with pytest.raises(Refused):
        send(address=address)

    assert (network.looked_up, network.connected) == ([], [])


def test_letters_of_the_host_may_be_large(network):
    with box(network, says()) as server:
        assert send(address=ADDRESS.replace("simhost", "SimHost").replace("http", "HTTP")).ok

    assert server.asked[0].headers["host"] == f"{HOST}:12046"


@pytest.mark.parametrize(
    ("purpose", "address", "allowed"),
    [
        (BOX, f"https://{HOST}:12043{CAP}", True),
        (BOX, f"https://world.secondlife.com/resident/{CAP[5:]}", False),
        (RESIDENT, f"https://world.secondlife.com/resident/{CAP[5:]}", True),
        (RESIDENT, f"http://world.secondlife.com/resident/{CAP[5:]}", False),
        (RESIDENT, "https://world.secondlife.com/group/1", False),
        (PICTURE, f"https://picture-service.secondlife.com/{CAP[5:]}/256x192.jpg", True),
        (PICTURE, f"https://picture-service.secondlife.com/{CAP[5:]}/9999x9999.jpg", False),
        (PICTURE, ADDRESS, False),
    ],
)
def test_a_purpose_has_its_own_addresses(purpose, address, allowed):
    try:
        outgoing.check(address, purpose=purpose)
    except Refused:
        assert not allowed
    else:
        assert allowed


def test_more_than_a_script_can_take_is_not_sent(network):
    with box(network, says()):
        assert send(b"x" * 2048).ok
        with pytest.raises(Refused, match="2048"):
            send(b"x" * 2049)

    assert len(network.connected) == 1


# What the settings widen


def test_a_host_that_is_named_with_its_port_may_be_private(settings):
    with FakeServer(says(200, b"OK")) as server:
        settings.OUTGOING_HOSTS = [f"127.0.0.1:{server.port}"]

        reply = send(address=f"http://127.0.0.1:{server.port}{CAP}")

        for other in (
            f"http://127.0.0.2:{server.port}{CAP}",
            f"http://localhost:{server.port}{CAP}",
            f"http://127.0.0.1:{server.port}/admin",
            f"http://127.0.0.1:12046{CAP}",
            f"http://127.1:{server.port}{CAP}",
        ):
            with pytest.raises(Refused):
                send(address=other)

    assert reply.ok
    assert len(server.asked) == 1


def test_a_host_that_is_named_without_a_port_is_asked_at_the_usual_ones(network, settings):
    settings.OUTGOING_HOSTS = ["box.example.org"]
    network.found["box.example.org"] = [["10.0.0.7"]]

    with pytest.raises(Unreachable):
        send(address=f"http://box.example.org:12046{CAP}")
    with pytest.raises(Refused):
        send(address=f"http://box.example.org:80{CAP}")

    assert network.connected == [("10.0.0.7", 12046)]


def test_hosts_of_another_grid_are_named_by_their_end_and_stay_public(network, settings):
    settings.OUTGOING_HOSTS = [".aditi.secondlife.io"]
    other = "simhost-1.aditi.secondlife.io"
    network.found[other] = [[PUBLIC], ["10.0.0.7"]]

    with pytest.raises(Unreachable):
        send(address=f"http://{other}:12046{CAP}")
    for refused in (f"http://{other}:12046{CAP}", f"http://{other}:80{CAP}"):
        with pytest.raises(Refused):
            send(address=refused)

    assert network.connected == [(PUBLIC, 12046)]


# Certificates


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of HOST that nobody but the test trusts, and its key, in one file."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl to make a certificate")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", "/CN=box", "-addext", f"subjectAltName=DNS:{HOST}"]
    subprocess.run(
        [*command.split(), *names, "-keyout", str(path), "-out", f"{path}.crt"],
        check=True,
        capture_output=True,
    )
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
def secure(network, settings, certificate, monkeypatch):
    """A box with that certificate; the names that it was asked by."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    names = []
    tls.sni_callback = lambda sock, name, context: names.append(name)
    client._tls.cache_clear()
    network.found[HOST] = [[PUBLIC]]
    with FakeServer(says(200, b"OK"), tls) as network.server:
        yield names
    client._tls.cache_clear()


def test_a_certificate_is_asked_for_by_the_name_and_must_be_trusted(
    network, secure, certificate, monkeypatch
):
    with pytest.raises(Unreachable, match="no valid certificate"):
        send(address=f"https://{HOST}:12043{CAP}")
    assert network.server.asked == []

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    client._tls.cache_clear()
    reply = send(address=f"https://{HOST}:12043{CAP}")

    assert reply == outgoing.Reply(200, b"OK", cut=False)
    assert secure == [HOST, HOST]
    assert network.connected == [(PUBLIC, 12043), (PUBLIC, 12043)]


def test_a_certificate_of_another_host_is_not_taken(network, secure, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    other = "simhost-ff.agni.secondlife.io"
    network.found[other] = [[PUBLIC]]

    with pytest.raises(Unreachable, match="no valid certificate"):
        send(address=f"https://{other}:12043{CAP}")

    assert network.server.asked == []


def test_a_handshake_that_drips_is_cut(network):
    network.found[HOST] = [[PUBLIC]]

    def hold(connection):
        # The first bytes of a record that never comes.
        with connection, suppress(OSError):
            connection.sendall(b"\x16\x03\x03\x40\x00")
            drips(network.server, connection, b"\0")

    network.server = FakeServer(says())
    network.server.serve = hold
    with network.server, pytest.raises(Unreachable, match="took too long"):
        send(address=f"https://{HOST}:12043{CAP}", purpose=HURRIED)


# Nobody gets round it

OPENERS = re.compile(
    r"(requests|httpx|aiohttp|urllib3|urllib\.request|http\.client|socket|socketserver|ftplib"
    r"|smtplib|telnetlib|xmlrpc|asyncio)(\.|$)"
)


def test_no_other_module_opens_connections():
    openers = set()
    for path in OWN_MODULES:
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
            if any(OPENERS.match(name) for name in names):
                openers.add(path.as_posix())

    # The server's command listens.
    assert openers == {
        "stores/outgoing/addresses.py",
        "stores/outgoing/client.py",
        "storeadmin/management/commands/serve.py",
    }
