"""`manage.py backup FILE`: database and pictures in one file, while the store is open."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from storeadmin import backups


class Command(BaseCommand):
    help = "Write database and pictures into one file, and check it; everybody may go on working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="such as store-2026-06-15.tar.gz")
        parser.add_argument("--force", action="store_true", help="replace the file if it is there")

    def handle(self, *, file: Path, force: bool, **options: Any) -> None:
        try:
            manifest = backups.write(file, force=force)
        except backups.BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"{file}: {manifest.stores} stores, {manifest.pictures} pictures,"
            f" {file.stat().st_size:,} bytes, read again and found whole"
        )
