"""Processes of their own that sell at the same time, each with its own connection."""

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from itertools import islice
from typing import NamedTuple

import django

from benchmarks.clock import Cost


class Sold(NamedTuple):
    """What selling at the same time took: all of it, and each sale in seconds."""

    cost: Cost
    seconds: list[float]


def at_once(slug: str, way: str, *, processes: int, each: int, seed: int) -> Sold:
    """So many sales of one of `selling.WAYS` by each of some processes; they begin together."""
    with ExitStack() as stack:
        sellers = [
            stack.enter_context(_seller(slug, way, str(each), str(seed + number)))
            for number in range(processes)
        ]
        for seller in sellers:
            assert seller.stdout is not None  # noqa: S101  for the types
            seller.stdout.readline()
        began = time.perf_counter()
        for seller in sellers:
            assert seller.stdin is not None  # noqa: S101  for the types
            seller.stdin.write("go\n")
            seller.stdin.flush()
        said = [json.loads(seller.communicate()[0]) for seller in sellers]
        wall = time.perf_counter() - began
    client = sum(one["client"] for one in said)
    return Sold(Cost(wall, client, None), [second for one in said for second in one["seconds"]])


def _seller(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.seller", *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def sell(slug: str, way: str, each: int, seed: int) -> dict[str, object]:
    """Get ready, wait for the word, sell."""
    # They import models, which there are only once Django is set up.
    from benchmarks import selling
    from stores.models import Store

    store = Store.objects.get(slug=slug)
    deeds = list(islice(selling.WAYS[way](store, seed), each))
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.process_time()
    seconds = selling.timed(deeds)
    return {"client": time.process_time() - began, "seconds": seconds}


if __name__ == "__main__":
    django.setup()
    slug, way, each, seed = sys.argv[1:]
    print(json.dumps(sell(slug, way, int(each), int(seed))))
