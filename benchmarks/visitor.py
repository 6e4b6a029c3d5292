"""A process of its own that asks for the Customers page again and again, as somebody at work."""

import json
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

PAUSE_SECONDS = 0.1
ALONE_SECONDS = 2.0


@contextmanager
def visiting(slug: str, username: str) -> Iterator[list[float]]:
    """Visits of a user to a store during the block; afterwards how long each took, in seconds."""
    command = [sys.executable, "-m", "benchmarks.visitor", slug, username]
    seconds: list[float] = []
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None  # noqa: S101  for the types
        process.stdout.readline()
        try:
            yield seconds
        finally:
            said, _ = process.communicate()
    seconds += json.loads(said)


def wait() -> None:
    """Let the visitor be alone for a while."""
    time.sleep(ALONE_SECONDS)


def visit(slug: str, username: str) -> list[float]:
    """Ask for the page until the other end of the standard input is closed."""
    # They import models, which there are only once Django is set up.
    from django.test import Client
    from django.urls import reverse

    from stores.models import User

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username=username))
    url = reverse("customers:list", args=[slug])
    seconds: list[float] = []
    for number in range(sys.maxsize):
        began = time.perf_counter()
        status = client.get(url).status_code
        if status != 200:
            raise RuntimeError(f"the page answers {status}")
        if number:
            seconds.append(time.perf_counter() - began)
        else:
            print("ready", flush=True)
        if select.select([sys.stdin], [], [], PAUSE_SECONDS)[0]:
            break
    return seconds


if __name__ == "__main__":
    django.setup()
    print(json.dumps(visit(*sys.argv[1:])))
