"""Vendors as the tests play them: a stall with a key, and what it says over the API."""

import json
import uuid
from itertools import count
from typing import Any

from django.test import Client

from sales import keys
from tests.factories import make_vendor

ANNA = {"uuid": "00000000-0000-4000-8000-00000000000a", "name": "anna.lane"}
BEN = {"uuid": "00000000-0000-4000-8000-00000000000b", "name": "ben.moss"}
_numbers = count(1)


def new_key() -> str:
    return f"test:{next(_numbers):08}"


class Stall:
    """A vendor with a key, that keeps what was answered last."""

    def __init__(self, store: Any, name: str = "", *, pays_out: bool = False, **fields: Any):
        self.vendor = make_vendor(store, name, **fields)
        self.key, self.secret = keys.issue(vendor=self.vendor, by=None, pays_out=pays_out)
        # That it was used is written down once a minute.
        keys.find(self.secret)
        self.client = Client(raise_request_exception=False)

    def post(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> Any:
        """What is answered, with a new key where none is given."""
        if isinstance(body, dict):
            body = json.dumps({"key": key or new_key(), **body})
        return self._checked(
            self.client.post(
                f"/api/v1/{path}",
                body,
                content_type="application/json",
                headers={**self.bearer, **headers},
            )
        )

    def get(self, path: str, **headers: str) -> Any:
        return self._checked(self.client.get(f"/api/v1/{path}", headers={**self.bearer, **headers}))

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}

    def _checked(self, response: Any) -> Any:
        """Every answer is one that a script can read."""
        checked(response)
        return response

    def quote(self, product: Any, buyer: dict[str, str] = ANNA, **more: Any) -> Any:
        return self.post("quotes", {"product": product, "buyer": buyer, **more})

    def buy(
        self, paid: int, buyer: dict[str, str] = ANNA, *, key: str | None = None, **more: Any
    ) -> Any:
        return self.post("purchases", {"buyer": buyer, "paid": paid, **more}, key=key)


def checked(response: Any) -> None:
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert len(response.content) <= 2048
    assert not response.cookies
    said = json.loads(response.content)
    if response.status_code >= 400:
        assert (
            {"code", "detail"}
            <= set(said)
            <= {"code", "detail", "retry_after", "give_back", "payout"}
        )
        assert said["detail"]


def somebody(number: int) -> dict[str, str]:
    return {"uuid": str(uuid.UUID(int=number)), "name": f"resident{number}"}


def outcome(response: Any) -> tuple[int, str]:
    """Status and code of a refusal."""
    return response.status_code, response.json()["code"]
