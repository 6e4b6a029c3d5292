"""The settings of the program, with static files as they lie there: nothing has to be collected."""

from storeadmin.settings import *  # noqa: F403
from storeadmin.settings import STORAGES as _STORAGES

ROOT_URLCONF = "benchmarks.urls"
STORAGES = _STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_AUTOREFRESH = True
