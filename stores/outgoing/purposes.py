"""All that other machines are asked for: which hosts, ports and paths, how long, how much."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from stores.nouns import Words

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@dataclass(frozen=True)
class Purpose:
    """`host` and `path` are matched as a whole; `ports` names the one port of each scheme. Bytes of
    the body sent and of the answer read; `seconds` counts from the look-up to the last byte.
    """

    name: Words
    host: str
    path: str
    ports: Mapping[str, int]
    most_sent: int = 0
    most_read: int = 200
    connect_seconds: float = 5
    seconds: float = 20

    def allows_host(self, host: str) -> bool:
        return re.fullmatch(self.host, host) is not None

    def allows_path(self, path: str) -> bool:
        return re.fullmatch(self.path, path) is not None


# A script answers within 25 seconds, or the simulator does in its place; more than 2,048 bytes it
# does not get.
BOX = Purpose(
    name=_("a delivery box"),
    host=r"simhost-[0-9a-f]+\.agni\.secondlife\.io",
    path=rf"/cap/{UUID}",
    ports={"https": 12043, "http": 12046},
    most_sent=2048,
    seconds=30,
)
RESIDENT = Purpose(
    name=_("the page of a resident"),
    host=r"world\.secondlife\.com",
    path=rf"/resident/{UUID}",
    ports={"https": 443},
    most_read=256 * 1024,
    connect_seconds=3,
    seconds=10,
)
PICTURE = Purpose(
    name=_("the picture of a resident"),
    host=r"picture-service\.secondlife\.com",
    path=rf"/{UUID}/256x192\.jpg",
    ports={"https": 443},
    most_read=1024 * 1024,
    connect_seconds=3,
    seconds=10,
)
