"""`manage.py restore FILE`: what `backup` wrote in the place of what is there."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from storeadmin import backups


class Command(BaseCommand):
    help = (
        "Put a backup in the place of this database, whole or not at all; its pictures are added."
        " Stop the web server and the worker first."
    )
    # The tables may not be there yet.
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="also where there are stores")

    def handle(self, *, file: Path, force: bool, **options: Any) -> None:
        try:
            manifest = backups.restore(file, force=force)
        except backups.BackupRefused as refused:
            raise CommandError(f"{refused} The database was not changed.") from refused
        self.stdout.write(
            f"Restored as of {manifest.made_at}: {manifest.stores} stores,"
            f" {manifest.pictures} pictures"
        )
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("The backup is older than the program: run `manage.py migrate` now.")
        self.stdout.write("Run `manage.py check_books` to see that all is well.")
