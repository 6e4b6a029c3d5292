"""Pytest plugin: the environment and the few settings under which all tests run."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest

SCRATCH = Path(tempfile.mkdtemp(prefix="storeadmin-tests-"))
COMPILED = Path(__file__).resolve().parent.parent / "var" / "compiled"

# On import, because the settings are read before pytest calls the first hook of a plugin.
os.environ.update(
    SECRET_KEY="only-for-the-tests",
    DEBUG="off",
    HTTPS="off",
    ALLOWED_HOSTS="127.0.0.1,localhost,testserver",
    MEDIA_ROOT=str(SCRATCH / "media"),
    EMAIL_URL="memorymail://",
    LOG_LEVEL="ERROR",
    RESIDENT_PAGES="",
    DATABASE_POOL="24",  # the threads of a race, and the server that a browser talks to
    # Programs that a test starts are there in half the time.
    PYTHONDONTWRITEBYTECODE="",
    PYTHONPYCACHEPREFIX=str(COMPILED),
)


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    from django.conf import settings

    # The real hash is slow on purpose; the real static files want a `collectstatic` first.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.WHITENOISE_AUTOREFRESH = True
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("postgresql"):
        # What tests write need not outlive the server.
        database["OPTIONS"]["options"] += " -c synchronous_commit=off"
    if database["ENGINE"].endswith("sqlite3"):
        # A file, as in production: in memory there is neither a WAL nor a second connection.
        database.setdefault("TEST", {})["NAME"] = str(SCRATCH / "test.sqlite3")


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: looking through it for garbage again and
    again costs a tenth of the run.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def pytest_unconfigure() -> None:
    shutil.rmtree(SCRATCH, ignore_errors=True)
