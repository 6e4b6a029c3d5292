"""The vendor that is played: it sells over real HTTP, and sells nothing twice whatever happens to the server."""

import io
import os
import random
import signal
import socket
import subprocess
import threading
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command

from customers.models import Purchase
from products.models import Product
from sales import keys
from sales.fake import caller as calling
from sales.fake import vendor as playing
from sales.models import Answer, Delivery, Payout
from storeadmin.management.commands.serve import GUNICORN
from stores import outgoing
from stores.outgoing import Unreachable
from tests import factories
from tests.engines import ROOT
from tests.workers import database_url

# The requests in whose midst the server is killed.
KILLED_AT = (4, 13)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("books_clean")]


@pytest.fixture
def store():
    return factories.make_store("fakes")


@pytest.fixture
def stall(store):
    for name, price in (("Lamp", 100), ("Leaflet", 0), ("Chair", 350)):
        factories.make_product(store, name, price=price, copy=name != "Chair")
    return factories.make_vendor(store, "Stall", discount=10)


@pytest.fixture(autouse=True)
def own_settings(settings):
    """What the command allows to be asked is forgotten after the test."""
    settings.OUTGOING_HOSTS = []


@pytest.fixture
def quick(monkeypatch):
    """Nobody waits before asking again."""
    monkeypatch.setattr(calling.time, "sleep", lambda seconds: None)


def play(url, secret, folder, **options):
    out = io.StringIO()
    call_command(
        "fake_vendor", url=url, key=secret, memory=folder / "memory.json", stdout=out, **options
    )
    return out.getvalue()


def secret_of(stall, *, pays_out=True):
    return keys.issue(vendor=stall, by=None, pays_out=pays_out)[1]


def test_it_sells_delivers_and_pays(live_server, stall, tmp_path):
    goods = ["Lamp", "Leaflet", "Chair"]
    said = play(live_server.url, secret_of(stall), tmp_path, sales=15, product=goods)

    sold = Purchase.objects.count()
    wrong = Payout.objects.filter(kind="give_back").count()
    assert said.count("#") == 15
    assert sold >= 10
    assert sold + wrong == 15
    assert not Payout.objects.exclude(state="paid").exists()
    assert not Delivery.objects.filter(state__in=("queued", "sent")).exists()
    assert said.count("wrong_amount") == wrong > 0
    assert Purchase.objects.exclude(recipient_id=0).filter(vendor=stall).count() == sold


def test_it_goes_on_where_it_was(live_server, stall, tmp_path):
    secret = secret_of(stall, pays_out=False)
    play(live_server.url, secret, tmp_path, sales=2, product=["Lamp"])

    said = play(live_server.url, secret, tmp_path, sales=2, product=["Lamp"])

    assert "#3 " in said and "#4 " in said
    assert "#1 " not in said


def test_an_answer_that_is_lost_is_asked_for_again(
    live_server, stall, tmp_path, monkeypatch, quick
):
    """The server has done it, and nobody heard of it."""
    original, asked = outgoing.post, []

    def lossy(*args, **options):
        reply = original(*args, **options)
        asked.append(options["body"])
        if len(asked) % 3 == 0:
            raise Unreachable("no whole answer")
        return reply

    monkeypatch.setattr(calling.outgoing, "post", lossy)

    said = play(live_server.url, secret_of(stall), tmp_path, sales=8, product=["Lamp", "Chair"])

    assert "asking again" in said
    assert len(set(asked)) == Answer.objects.count() < len(asked)
    assert Purchase.objects.count() + Payout.objects.filter(kind="give_back").count() == 8


def test_one_that_is_broken_off_is_finished_by_the_next(live_server, stall, tmp_path, monkeypatch):
    secret = secret_of(stall)
    original = outgoing.post

    def lost(address, **options):
        reply = original(address, **options)
        if address.endswith("purchases"):
            raise KeyboardInterrupt
        return reply

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(calling.outgoing, "post", lost)
        play(live_server.url, secret, tmp_path, sales=1, product=["Lamp"])
    said = play(live_server.url, secret, tmp_path, sales=1, product=["Lamp"])

    assert said.startswith("asked again what was left open")
    assert Purchase.objects.count() == 2


def test_who_is_told_of_no_products_looks_for_some(live_server, stall, tmp_path, monkeypatch):
    last = Product.objects.latest("pk").pk
    monkeypatch.setattr(playing, "NUMBERS", range(last - 4, last + 3))

    assert "#1 " in play(live_server.url, secret_of(stall), tmp_path, sales=1)
    monkeypatch.setattr(playing, "NUMBERS", range(last + 1, last + 3))
    with pytest.raises(CommandError, match="name a --product"):
        play(live_server.url, secret_of(stall), tmp_path, sales=1)


def test_a_key_that_opens_nothing_is_said(live_server, stall, tmp_path):
    with pytest.raises(CommandError, match="key of a vendor"):
        play(live_server.url, "sa_wrong", tmp_path, sales=1)


def test_a_server_that_is_not_there_is_said(stall, tmp_path, monkeypatch):
    monkeypatch.setattr(
        calling.Caller.__init__,
        "__kwdefaults__",
        {**calling.Caller.__init__.__kwdefaults__, "patience": 0},
    )
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(CommandError, match="no connection"):
            play(url, "sa_any", tmp_path, sales=1)


def test_killed_again_and_again_it_sells_everything_once(stall, tmp_path, monkeypatch):
    """The real server, killed in the midst of requests, and started again."""
    secret = secret_of(stall)
    monkeypatch.setattr(calling, "PAUSE_SECONDS", 0.2)
    original, asked, kills = outgoing.post, [], []
    draw = random.Random(7)

    with listening() as (url, listener), Server(listener) as server:

        def post(*args, **options):
            asked.append(options["body"])
            if len(asked) in KILLED_AT:
                kills.append(threading.Timer(draw.random() / 30, server.restart))
                kills[-1].start()
            return original(*args, **options)

        monkeypatch.setattr(calling.outgoing, "post", post)
        said = play(url, secret, tmp_path, sales=12, product=["Lamp", "Chair"])
        for kill in kills:
            kill.join()

    sold = Purchase.objects.select_related("quote")
    assert len(kills) == len(KILLED_AT)
    assert "asking again" in said
    assert len(set(asked)) == Answer.objects.count() < len(asked)
    assert len(sold) + Payout.objects.filter(kind="give_back").count() == 12
    assert [one.money for one in sold] == [one.quote.quote.money for one in sold]


@contextmanager
def listening():
    """A port that stays ours while servers come and go."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", listener


class Server:
    """The web server on the database of the tests."""

    def __init__(self, listener):
        self.fd = listener.fileno()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *raised):
        self.kill()

    def start(self):
        named = {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "storeadmin.settings"}
        self.process = subprocess.Popen(
            [*GUNICORN, f"--bind=fd://{self.fd}", "--workers=1", "--threads=4"],
            cwd=ROOT,
            env=os.environ | named,
            pass_fds=[self.fd],
            process_group=0,
        )

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def restart(self):
        self.kill()
        self.start()


class TestKeyCommand:
    def test_it_prints_a_key_and_revokes_the_one_before(self, stall):
        before = secret_of(stall)
        out = io.StringIO()

        call_command("vendor_key", "fakes", "Stall", pays_out=True, stdout=out)

        found = keys.find(out.getvalue().strip())
        assert (found.vendor, found.pays_out) == (stall, True)
        assert keys.find(before) is None

    def test_a_vendor_that_is_not_there_is_said_with_those_that_are(self, stall):
        with pytest.raises(CommandError, match=r"There are: Stall\."):
            call_command("vendor_key", "fakes", "Nobody")
