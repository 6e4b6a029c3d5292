"""Why a backup was not made, or not restored."""


class BackupRefused(Exception):
    """Nothing was changed; the text says why, for a person."""
