"""Backups: the database and the pictures in one file, checked when written and before use."""

from .archive import BackupRefused, Manifest, read, restore, write

__all__ = ["BackupRefused", "Manifest", "read", "restore", "write"]
