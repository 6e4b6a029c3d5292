"""Backup and restore: the drill, and what is refused."""

import gzip
import itertools
import os
import random
import subprocess
import sys
import tarfile
import zlib
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from customers import bulk_credit, credit, liability
from customers.audience import Audience
from customers.models import Balance, CreditEntry, Customer
from storeadmin import backups
from storeadmin.backups import archive, seal
from stores import batches, pictures
from stores.batches import deeds, work
from stores.models import Store
from tests.engines import ROOT
from tests.factories import buy, make_customer, make_member, make_product, make_store

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = "storeadmin_drill"


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    Path(settings.MEDIA_ROOT).mkdir()


@pytest.fixture
def anna():
    """A customer with a picture, purchases and credit, in one of two stores."""
    anna = make_customer(make_store("lamps"), "anna", credit=100, restricted=7)
    buy(anna, make_product(anna.store), money=50, credit=30)
    pictures.put(row=anna, field="picture", picture=ContentFile(b"a picture", "a.webp"), by=None)
    make_customer(make_store("chairs"), "bert", credit=5)
    return anna


@pytest.fixture
def file(tmp_path):
    return tmp_path / "store.tar.gz"


@pytest.fixture
def elsewhere(tmp_path):
    """The environment of a program with an empty database and folder of its own."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with another_database(folder) as url:
        yield {
            **os.environ,
            "DATABASE_URL": url,
            "MEDIA_ROOT": str(folder / "media"),
            "DJANGO_SETTINGS_MODULE": "storeadmin.settings",
        }


def another_database(folder):
    return another_on_the_server() if connection.vendor == "postgresql" else a_file_in(folder)


def a_file_in(folder):
    return nullcontext(f"sqlite:///{folder / 'other.sqlite3'}")


def another_on_the_server():
    @contextmanager
    def made():
        name = f"{OTHER}_{os.getpid()}"
        tell_server(f"CREATE DATABASE {name}")
        given = connection.settings_dict
        user = f"{given['USER']}:{given['PASSWORD']}".rstrip(":")
        try:
            yield f"postgres://{user}@{given['HOST']}:{given['PORT'] or 5432}/{name}"
        finally:
            tell_server(f"DROP DATABASE {name} WITH (FORCE)")

    return made()


def tell_server(statement):
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def manage(environment, *arguments):
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_drill(anna, file, elsewhere):
    call_command("backup", file, verbosity=0)
    credit.take(customer=anna, balance=Balance.CREDIT, amount=70, by=None)

    restored, said = manage(elsewhere, "restore", file)
    checked, clean = shell(
        elsewhere,
        "from django.core.management import call_command",
        "from customers.models import CreditAccount as A",
        "print('holds', A.objects.get(customer__username='anna').credit)",
        "call_command('check_books')",
    )

    assert (restored, checked) == (0, 0), said + clean
    assert "2 stores, 1 pictures" in said
    assert "migrate" not in said
    books = ["lamps: books are clean", "chairs: books are clean"]
    assert clean.splitlines() == ["holds 70", *books]
    assert Path(elsewhere["MEDIA_ROOT"], anna.picture.name).read_bytes() == b"a picture"


def shell(environment, *lines):
    return manage(environment, "shell", "--no-imports", "-c", "\n".join(lines))


def test_a_batch_under_way_goes_on_after_a_restore(anna, file, elsewhere, monkeypatch):
    """The backup is made between two chunks; each customer gets the change once, there and here."""
    owner = make_member(anna.store, "owner").user
    for number in range(5):
        make_customer(anna.store, f"resident{number}", credit=number)
    monkeypatch.setattr(deeds, "CHUNK", 2)
    monkeypatch.setattr("customers.bulk_credit.CHUNK", 2)
    batch = bulk_credit.draft(audience=Audience(anna.store), credit=7, restricted=0, by=owner)
    batches.run(batch.pk, seconds=60)
    batches.apply(batch=batch, by=owner)
    fence = work.claim(batch.pk)
    work.chunk(batch.pk, fence)
    call_command("backup", file, verbosity=0)
    while work.chunk(batch.pk, fence):
        continue

    status, said = shell(
        elsewhere,
        "from django.core.management import call_command",
        f"call_command('restore', {str(file)!r})",
        "from customers.models import CreditEntry",
        "from django.utils import timezone",
        "from stores import batches",
        "from stores.models import Batch",
        "Batch.objects.update(lease_until=timezone.now())",
        f"print('more', batches.run({batch.pk}, seconds=60))",
        f"batch = Batch.objects.get(pk={batch.pk})",
        "print(batch.state, CreditEntry.objects.filter(batch=batch).count())",
        "call_command('check_books')",
    )

    assert status == 0, said
    assert "more False" in said
    assert "done 6" in said
    assert CreditEntry.objects.filter(batch=batch).count() == 6


def test_rules_of_the_database_come_along(anna, file):
    call_command("backup", file, verbosity=0)
    call_command("restore", file, force=True, verbosity=0)

    with pytest.raises(DatabaseError, match="are never changed"):
        CreditEntry.objects.update(delta=1)


def test_a_store_is_not_overwritten_unless_told_to(anna, file, unchanged):
    call_command("backup", file, verbosity=0)
    why = "There are stores in this database; --force replaces them."

    with unchanged(), pytest.raises(CommandError, match=why):
        call_command("restore", file, verbosity=0)
    with unchanged():
        call_command("restore", file, force=True, verbosity=0)


def test_a_restore_into_this_database_brings_everything_back(anna, file):
    before = liability.owed(anna.store)
    call_command("backup", file, verbosity=0)
    credit.take(customer=anna, balance=Balance.CREDIT, amount=70, by=None)
    make_store("later")

    call_command("restore", file, force=True, verbosity=0)

    assert sorted(Store.objects.values_list("slug", flat=True)) == ["chairs", "lamps"]
    assert liability.owed(anna.store) == before
    call_command("check_books", verbosity=0)


def test_tables_of_a_newer_program_go(anna, file):
    call_command("backup", file, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE newer (a int)")

    call_command("restore", file, force=True, verbosity=0)

    assert "newer" not in connection.introspection.table_names()


def test_a_file_that_is_there_is_kept_unless_told_otherwise(anna, file):
    file.write_text("mine")

    with pytest.raises(CommandError, match="is there already; --force replaces it"):
        call_command("backup", file, verbosity=0)
    assert file.read_text() == "mine"

    call_command("backup", file, force=True, verbosity=0)
    assert backups.read(file).stores == 2


def test_a_backup_is_for_its_owner_only_and_leaves_nothing_behind(anna, file):
    call_command("backup", file, verbosity=0)

    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


def test_a_folder_that_is_not_there_is_said(anna, tmp_path):
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("backup", tmp_path / "nowhere" / "a", verbosity=0)


def test_any_wrong_byte_is_found(anna, file):
    """Also one that unpacks to the same, as in a run of zeros, and one in a header."""
    call_command("backup", file, verbosity=0)
    content = file.read_bytes()
    ends = [*range(600), *range(len(content) - 200, len(content))]

    with file.open("r+b", buffering=0) as damaged:
        for place in sorted({*ends, *range(0, len(content), 23)}):
            damaged.seek(place)
            damaged.write(bytes([content[place] ^ 1 << place % 8]))
            with pytest.raises(backups.BackupRefused, match="cannot be read: it is damaged"):
                backups.read(file)
            damaged.seek(place)
            damaged.write(content[place : place + 1])
    assert backups.read(file).stores == 2


def test_a_wrong_byte_that_unpacks_to_the_same_is_found(file):
    """Zeros copied from further back are zeros still."""
    zeros = bytes(100_000)
    file.write_bytes(gzip.compress(zeros, mtime=0))
    packed = file.read_bytes()
    unseen = next(wrong for wrong in one_byte_wrong(packed[:-8]) if unpacked(wrong) == zeros)
    seal.add(file)

    file.write_bytes(unseen + file.read_bytes()[len(unseen) :])

    assert gzip.decompress(file.read_bytes()) == zeros
    with pytest.raises(ValueError, match="damaged"):
        seal.check(file)


def one_byte_wrong(content):
    """Each with another byte of what follows the header changed."""
    for place, bit in itertools.product(range(10, len(content)), range(8)):
        yield content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]


def unpacked(content):
    with suppress(zlib.error):
        return zlib.decompress(content[10:], -15)


@pytest.mark.parametrize("part", ["begin", "middle", "end"])
def test_nothing_of_a_damaged_backup_is_restored(anna, file, part, unchanged):
    call_command("backup", file, verbosity=0)
    content = bytearray(file.read_bytes())
    place = {"begin": 0, "middle": len(content) // 2, "end": len(content) - 6}[part]
    content[place] ^= 0xFF
    file.write_bytes(content)

    with unchanged(), pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", file, force=True, verbosity=0)


def test_a_picture_that_was_written_wrongly_is_found(anna, file, monkeypatch):
    """Noise is packed as it is: a wrong byte in it unpacks without complaint, but for the sum."""
    Path(settings.MEDIA_ROOT, "noise").write_bytes(random.Random(1).randbytes(500_000))
    add = seal.add

    def damage(part):
        with part.open("r+b") as written:
            written.seek(250_000)
            byte = written.read(1)
            written.seek(250_000)
            written.write(bytes([byte[0] ^ 1]))
        add(part)

    monkeypatch.setattr(seal, "add", damage)

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("backup", file, verbosity=0)
    assert not file.exists()


def test_other_programs_unpack_a_backup(anna, file):
    call_command("backup", file, verbosity=0)

    said = subprocess.run(["tar", "tzf", file], capture_output=True, text=True, check=True)

    assert said.stdout.splitlines() == [f"media/{anna.picture.name}", "database", "manifest.json"]
    assert said.stderr == ""


def test_half_a_backup_is_found(anna, file, unchanged):
    call_command("backup", file, verbosity=0)
    file.write_bytes(file.read_bytes()[:-2000])

    with unchanged(), pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", file, force=True, verbosity=0)


@pytest.mark.parametrize("content", [b"", b"not a backup", b"\x1f\x8b"])
def test_any_other_file_is_refused(file, content):
    file.write_bytes(content)

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", file, verbosity=0)


def test_a_file_that_is_not_there_is_refused(file):
    with pytest.raises(CommandError, match="No such file"):
        call_command("restore", file, verbosity=0)


def test_a_backup_that_reaches_out_of_its_folder_is_refused(anna, file, tmp_path, unchanged):
    call_command("backup", file, verbosity=0)
    bad = tmp_path / "bad.tar"
    with tarfile.open(file) as good, tarfile.open(bad, "w") as packed:
        for member in good.getmembers():
            packed.addfile(member, good.extractfile(member))
        packed.add(__file__, "media/../../evil.py")
    seal.add(bad)

    with unchanged(), pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", bad, force=True, verbosity=0)
    assert not (tmp_path.parent / "evil.py").exists()


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("engine", "oracle", "The backup is of oracle"),
        ("migrations", ["customers.9999_later"], "made by a newer program"),
    ],
)
def test_a_backup_that_does_not_fit_is_refused(
    anna, file, monkeypatch, unchanged, field, value, why
):
    call_command("backup", file, verbosity=0)
    read = archive.read
    changed = {**vars(read(file)), field: value}
    monkeypatch.setattr(archive, "read", lambda *args: read(*args) and archive.Manifest(**changed))

    with unchanged(), pytest.raises(CommandError, match=why):
        call_command("restore", file, force=True, verbosity=0)


def test_a_picture_that_comes_or_goes_meanwhile(anna, file, monkeypatch):
    """The picture that the database names is always in the file."""
    engine = archive.ENGINES[connection.vendor]
    dump = engine.dump

    def dump_then_change(copy):
        new = ContentFile(b"another", "b.webp")
        pictures.put(row=anna, field="picture", picture=new, by=None)
        dump(copy)

    monkeypatch.setattr(engine, "dump", dump_then_change)

    call_command("backup", file, verbosity=0)

    with tarfile.open(file) as packed:
        assert f"media/{anna.picture.name}" in packed.getnames()
    assert backups.read(file).pictures == 2


def test_everybody_may_write_while_a_backup_is_made(anna, file, monkeypatch):
    engine = archive.ENGINES[connection.vendor]
    check = engine.check

    def check_and_write(copy):
        credit.grant(customer=anna, balance=Balance.CREDIT, amount=1, by=None)
        check(copy)

    monkeypatch.setattr(engine, "check", check_and_write)

    call_command("backup", file, verbosity=0)

    assert Customer.objects.get(pk=anna.pk).account.credit == 71
    assert CreditEntry.objects.filter(account=anna.pk).count() == 4


def test_without_the_programs_of_the_server_it_is_said(anna, file, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite needs no other program")
    monkeypatch.setenv("PATH", "")

    with pytest.raises(CommandError, match="pg_dump is not found"):
        call_command("backup", file, verbosity=0)
    assert not file.exists()


def test_no_password_stands_in_a_command(anna, file, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no password")
    asked = []
    run = subprocess.run

    def listen(command, **options):
        asked.append((command, options["env"]["PGPASSWORD"]))
        return run(command, **options)

    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "very secret")
    monkeypatch.setattr(subprocess, "run", listen)

    call_command("backup", file, verbosity=0)

    assert {password for _, password in asked} == {"very secret"}
    assert [command for command, _ in asked if "very secret" in " ".join(command)] == []
