"""The file of a backup: a tar of the pictures, the database and a manifest that says what it is."""

import hashlib
import json
import os
import shutil
import tarfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from stores.models import Store

from . import postgresql, seal, sqlite
from .refused import BackupRefused

DATABASE, MANIFEST, MEDIA = "database", "manifest.json", "media/"
ENGINES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}
DAMAGED = (tarfile.TarError, EOFError, OSError, zlib.error, KeyError, TypeError, ValueError)


@dataclass(frozen=True)
class Manifest:
    """What a backup holds."""

    engine: str
    made_at: str
    checksum: str
    stores: int
    migrations: list[str]
    pictures: int


def write(file: Path, *, force: bool = False) -> Manifest:
    """Write a backup, read it again, and only then give it its name. Raises BackupRefused.

    Pictures are gathered before the database and again after it: none that the database names is
    missing.
    """
    if file.exists() and not force:
        raise BackupRefused(f"{file} is there already; --force replaces it.")
    if not file.parent.is_dir():
        raise BackupRefused(f"There is no folder {file.parent}.")
    with TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        part = Path(folder) / "backup"
        _pack(part, Path(folder) / DATABASE)
        manifest = read(part)
        part.chmod(0o600)
        _keep(part)
        part.replace(file)
    return manifest


def read(file: Path, into: Path | None = None) -> Manifest:
    """Check every byte of a backup; unpack it, if a folder is named. Raises BackupRefused.

    Nothing of it is unpacked before the seal is found whole.
    """
    try:
        seal.check(file)
        with tarfile.open(file) as packed:
            if into:
                packed.extractall(into, filter="data")
            names = packed.getnames()
            content = packed.extractfile(MANIFEST)
            database: Any = packed.extractfile(DATABASE)
            if content is None or database is None:
                raise ValueError("it is not a backup of ours")
            manifest = Manifest(**json.load(content))
            if hashlib.file_digest(database, "sha256").hexdigest() != manifest.checksum:
                raise ValueError("the database is not the one that was written")
            if sum(name.startswith(MEDIA) for name in names) != manifest.pictures:
                raise ValueError("pictures are missing")
            _read_to_the_end(packed)
    except DAMAGED as error:
        raise BackupRefused(f"{file} cannot be read: {error}.") from error
    return manifest


def restore(file: Path, *, force: bool = False) -> Manifest:
    """Put a backup in the place of what is there, pictures first; pictures that it does not hold
    stay. Raises BackupRefused.
    """
    if not force and _has_stores():
        raise BackupRefused("There are stores in this database; --force replaces them.")
    with TemporaryDirectory(prefix="storeadmin-") as folder:
        manifest = read(file, Path(folder))
        _refuse_foreign(manifest)
        _put_pictures(Path(folder) / MEDIA)
        ENGINES[connection.vendor].load(Path(folder) / DATABASE)
    return manifest


def _read_to_the_end(packed: Any) -> None:
    """The sum over everything stands at the end, and is compared only there."""
    while packed.fileobj.read(1 << 20):
        pass


def _pack(part: Path, database: Path) -> None:
    made_at = timezone.now().isoformat(timespec="seconds")
    with tarfile.open(part, "w:gz", compresslevel=1) as packed:
        pictures = _add_pictures(packed, set())
        ENGINES[connection.vendor].dump(database)
        pictures = _add_pictures(packed, pictures)
        packed.add(database, DATABASE)
        with database.open("rb") as content:
            checksum = hashlib.file_digest(content, "sha256").hexdigest()
        manifest = Manifest(
            engine=connection.vendor,
            made_at=made_at,
            checksum=checksum,
            stores=Store.objects.count(),
            migrations=_applied(),
            pictures=len(pictures),
        )
        said = database.with_name(MANIFEST)
        said.write_text(json.dumps(asdict(manifest), indent=1))
        packed.add(said, MANIFEST)
    seal.add(part)
    database.unlink()


def _add_pictures(packed: tarfile.TarFile, known: set[str]) -> set[str]:
    """Pack the pictures that are not yet known; all that are known then."""
    root = Path(settings.MEDIA_ROOT)
    added = set(known)
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name in known or not path.is_file() or path.is_symlink():
            continue
        try:
            packed.add(path, MEDIA + name)
        except FileNotFoundError:
            continue
        added.add(name)
    return added


def _put_pictures(folder: Path) -> None:
    if folder.is_dir():
        shutil.copytree(folder, settings.MEDIA_ROOT, dirs_exist_ok=True)


def _refuse_foreign(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise BackupRefused(f"The backup is of {manifest.engine}, this is {connection.vendor}.")
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    if newer := sorted(set(manifest.migrations) - known):
        raise BackupRefused(f"The backup was made by a newer program: it has {newer[0]}.")


def _applied() -> list[str]:
    return sorted(".".join(key) for key in MigrationLoader(connection).applied_migrations)


def _has_stores() -> bool:
    there = Store._meta.db_table in connection.introspection.table_names()
    return there and Store.objects.exists()


def _keep(path: Path) -> None:
    """Have the file on the disk before it gets its name."""
    with path.open("rb") as written:
        os.fsync(written.fileno())
