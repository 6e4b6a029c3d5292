"""The benchmarks run to their end, small: table, JSON, and nothing left behind."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from benchmarks import load, own
from benchmarks.beside import shown
from benchmarks.clock import Cost
from benchmarks.people import Page, Seen, at_work
from benchmarks.report import JUDGED_FROM, Line, table

ROOT = Path(__file__).parent.parent
WORKS = (
    "Customers page, first",
    "Customers page, by key",
    "Customers page, jumped to",
    "Customers page, last",
    "Customers page filtered: subscriber yes",
    "Customers page filtered: discount 30",
    "Customers page filtered: subscriber yes and credit_more 900",
    "name search, 1 hit,",
    "name search, 20 hits",
    "name search, 290 hits",
    "Purchases page, first",
    "Purchases page, by key",
    "Purchases page, jumped to",
    "Purchases page, last",
    "profile dialog",
    "credit of a customer, first",
    "credit of a customer, jumped to",
    "credit of a customer, last",
    "quotes, pure part",
    "tier of everyone",
    "what if: the matrix",
    "bulk credit for everyone",
    "undo of it",
    "Customers page while the batch runs",
    "import of a customer file, half known",
    "undo of an import",
    "purchases through checkout",
    "import of a sales file by the shell",
    "import of a sales file with preview",
    "daily roll-off",
    "100 repeats of it",
    "peer Django admin as delivered: first page",
    "peer Django admin tuned: last page",
    "peer django-tables2 with django-filter: search, many hits",
    "peer the same, spent summed at read time: first page",
    "peer save() in a loop: bulk credit, 1,000 rows",
    "peer bulk_update: bulk credit, 1,000 rows",
)


def test_a_run_shows_and_keeps_what_each_work_costs_and_leaves_nothing_else(tmp_path):
    # One test, since a run takes a minute and tests of one module go to several processes.
    options = "--customers 2000 --purchases 500 --rounds 1 --quotes 200 --into".split()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *options, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (kept,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    body = json.loads(kept.read_text())
    bulk = next(line for line in body["lines"] if line["work"].startswith("bulk credit"))

    assert [work for work in WORKS if work not in done.stdout] == []
    assert kept.name.startswith("sqlite-2000-")
    assert body["options"]["customers"] == 2000
    assert body["machine"]["engine"].startswith("SQLite")
    assert bulk["ours"]["client"] > 0 and bulk["floor"]["wall"] > 0
    assert bulk["ratio_cpu"] == pytest.approx(bulk["ours"]["client"] / bulk["floor"]["client"])


def test_a_database_that_is_there_is_never_touched(tmp_path):
    path = tmp_path / "store.sqlite3"
    path.write_text("dear to somebody")
    with pytest.raises(own.NotOurs), own.database(f"sqlite:///{path}", tmp_path):
        pass
    assert path.read_text() == "dear to somebody"


@pytest.mark.parametrize(
    ("customers", "binds", "failed"),
    [(JUDGED_FROM, True, True), (JUDGED_FROM - 1, True, False), (JUDGED_FROM, False, False)],
)
def test_a_goal_that_is_missed_fails_the_run(customers, binds, failed):
    line = Line("work", Cost(3, 2, 1), Cost(1, 1, 0.5), goal=1.5, binds=binds)
    assert line.ratios == (2, 3)
    assert line.fails(customers) is failed
    assert ("OVER" in table([line], customers)) is failed


def test_without_the_cpu_of_the_database_the_wall_decides():
    line = Line("work", Cost(3, 2, None), Cost(1, 1, None), goal=1.5)
    assert line.ratios == (None, 3)
    assert line.is_over


def test_what_a_page_shows_is_read_from_its_rows_and_figures():
    page = (
        '<dl><dd class="value">L$5</dd></dl><table><tbody>'
        '<tr data-href="/stores/a/customers/12/?sort=spent" data-dialog>'
        '<td><input type="checkbox"></td>'
        '<td><span class="avatar" aria-hidden="true">JD</span> <b>jane &amp; doe</b></td></tr>'
        "<tr><td>1</td></tr></tbody></table>"
    )
    assert shown(page) == [("L$5",), ("12", "jane & doe"), ("1",)]


class Half(BaseHTTPRequestHandler):
    """Answers one page, and fails at any other."""

    def do_GET(self):
        self.send_response(200 if self.path == "/good" else 500)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


def test_under_load_answers_are_told_from_errors():
    pages = {path: Page(lambda dice, path=path: f"/{path}") for path in ("good", "bad")}
    with ThreadingHTTPServer(("127.0.0.1", 0), Half) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"127.0.0.1:{server.server_port}"
        cookies = ["session=1", "session=2"]
        seen = at_work(address, cookies, pages, seconds=0.3, pause=0, meanwhile=None)
        server.shutdown()

    good, bad = seen["good"], seen["bad"]
    assert good.seconds and not good.errors
    assert bad.errors and not bad.seconds


def test_percentiles_under_load():
    seen = Seen([number / 100 for number in range(101)], errors=2)
    assert seen.percentiles() == pytest.approx((0.5, 0.95, 0.99))
    row = load.table({"alone": {"list": seen}}, 10).splitlines()[2]
    assert row == "| alone | list | 101 | 10.1 | 500 | 950 | 990 | 2 |"
