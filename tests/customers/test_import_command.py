"""`manage.py import_customers`: the same import from the shell, with its report."""

import pytest
from django.core.management import CommandError, call_command

from stores import batches
from stores.models import Batch, Upload
from tests.changes import chunks_of
from tests.factories import make_customer, make_store
from tests.imported import held, people, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
TEXT = "Username,Credit,Discount %\nanna,150,10\ncarla,30,\n"


@pytest.fixture
def store():
    store = make_store("lamps")
    make_customer(store, "anna", credit=100)
    return store


@pytest.fixture
def run(store, tmp_path, capsys):
    """Import a text with options; what was said."""

    def run(text: str | bytes = TEXT, *options: str) -> str:
        file = tmp_path / "people.csv"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        call_command("import_customers", "lamps", str(file), *options)
        return capsys.readouterr().out

    return run


@pytest.mark.parametrize("chunk", [1, 100])
def test_it_does_what_the_page_does_and_says_so(store, run, chunk, monkeypatch):
    chunks_of(monkeypatch, chunk)

    said = run()

    assert {name: one["balances"] for name, one in people(store).items()} == {
        "anna": (150, 0),
        "carla": (30, 0),
    }
    assert said.splitlines() == [
        "File: people.csv, UTF-8, comma between the cells",
        "Columns: Username from “Username”; Credit from “Credit”; Discount from “Discount %”",
        "Known customers: Set: what the file says replaces what is there",
        "New: 1",
        "Changed: 1",
        "Credit: L$100 → L$180",
        "Customers from people.csv: 1 new, 1 changed.",
    ]
    batch = Batch.objects.get()
    assert (batch.state, batch.by) == ("done", None)


def test_again_it_changes_nothing(store, run):
    run()
    before = held(store)

    assert "0 new, 0 changed" in run()
    assert held(store) == before


def test_a_preview_changes_nothing(store, run):
    before = held(store)

    said = run(TEXT, "--preview")

    assert "Changed: 1" in said
    assert "Customers from" not in said
    assert held(store) == before
    assert Batch.objects.get().state == "previewed"


def test_refused_lines_are_said_and_the_exit_status_tells(store, run, capsys):
    text = TEXT + "dora,1e3,\negon\nANNA,1,\n"

    with pytest.raises(CommandError, match="3 lines were refused; all others are imported"):
        run(text)

    assert capsys.readouterr().out.splitlines()[-3:] == [
        "line 4, column Credit, '1e3' is written with an exponent; write all its digits",
        "line 5, the line has 1 cells, the header has 3",
        "line 6, the same customer stands on line 2 already",
    ]
    assert people(store)["carla"]["balances"] == (30, 0)
    with pytest.raises(CommandError, match="all others would be imported"):
        run(text, "--preview")


def test_traps_are_said(run):
    assert "“Customer Credit” is read as the username" in run(
        "UUID,Customer Credit,Name\n,anna,\n", "--map=username=Customer Credit"
    )


@pytest.mark.parametrize(("mode", "credit"), [("set", 150), ("add", 250), ("skip", 100)])
def test_modes(store, run, mode, credit):
    run(TEXT, "--mode", mode)

    assert people(store)["anna"]["balances"] == (credit, 0)


def test_columns_are_mapped_by_hand(store, run):
    run("Who,Credit,Note\nanna,7,x\n", "--map", "username=Who, restricted=Credit")

    anna = people(store)["anna"]
    assert (anna["balances"], anna["note"]) == ((100, 7), "")


def test_how_the_file_is_written_is_said_by_options(store, run):
    text = "anna;1.000;5\n".encode("utf-16")

    with pytest.raises(CommandError, match="No column says who it is"):
        run(text, "--header=no")
    run(
        text,
        "--header=no",
        "--delimiter=;",
        "--encoding=utf-16",
        "--decimal=comma",
        "--map=username=Column 1,credit=Column 2",
    )

    assert people(store)["anna"]["balances"] == (1000, 0)


def test_an_opt_out_is_lifted_by_an_option(store, run):
    make_customer(store, "bert", subscriber_source="in_world")
    text = "Username,Subscriber\nbert,yes\n"

    run(text)
    kept = people(store)["bert"]["subscriber"]
    run(text, "--lift-opt-out")

    assert (kept, people(store)["bert"]["subscriber"]) == (False, True)


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("", [], "The file is empty."),
        ("PK\x03\x04", [], "The file is a zip archive"),
        ("a,b\n1,2\n", [], "No column says who it is"),
        ("Name,Customer\n1,2\n", [], "Two columns are read as Username"),
        (TEXT, ["--map=username=Nobody"], "where field=column is expected"),
        (TEXT, ["--map=nothing=Username"], "where field=column is expected"),
        (TEXT, ["--map=username"], "where field=column is expected"),
        (TEXT, ["--decimal=dot"], "invalid choice: 'dot'"),
        (TEXT, ["--mode=replace"], "invalid choice: 'replace'"),
        (TEXT + '"x', [], "A quote is opened on line 4 and never closed."),
    ],
)
def test_what_cannot_begin_is_refused(store, run, text, options, said):
    before = held(store)

    with pytest.raises(CommandError, match=said):
        run(text, *options)

    assert held(store) == before
    assert not Batch.objects.exists()


def test_a_file_that_cannot_be_read_is_not_kept(run):
    with pytest.raises(CommandError):
        run("")

    assert not Upload.objects.exists()


def test_no_such_store_and_no_such_file(store, tmp_path):
    with pytest.raises(CommandError, match="There is no store nowhere"):
        call_command("import_customers", "nowhere", "x.csv")
    with pytest.raises(CommandError, match="cannot be opened: No such file"):
        call_command("import_customers", "lamps", str(tmp_path / "x.csv"))


def test_what_was_left_out_is_said(store, run, monkeypatch):
    apply = batches.apply

    def late(**given):
        make_customer(store, "carla")
        return apply(**given)

    monkeypatch.setattr(batches, "apply", late)

    assert run().splitlines()[-2:] == [
        "Customers from people.csv: 1 new, 1 changed, 1 of them left out.",
        f"1 of them only in part, or not at all: {Batch.objects.get().pk}",
    ]
    assert states(Batch.objects.get()) == ["changed", "new"]
