"""The one place that opens a connection to another machine: what may be asked is declared, looked
up once, checked, and bounded in time and size.

No redirect is followed and no proxy of the environment is used.
"""

from .addresses import check
from .client import Reply, get, post
from .errors import Refused, Unreachable
from .purposes import BOX, PICTURE, RESIDENT, Purpose

__all__ = [
    "BOX",
    "PICTURE",
    "RESIDENT",
    "Purpose",
    "Refused",
    "Reply",
    "Unreachable",
    "check",
    "get",
    "post",
]
