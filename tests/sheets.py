"""Exported sheets read as a spreadsheet reads them."""

import csv
import io
from typing import Any

from django.test import Client

from stores.models import Store
from tests.doors.pages import body
from tests.factories import make_member


def signed_in(store: Store, role: str = "manager") -> Client:
    client = Client()
    client.force_login(make_member(store, role).user)
    return client


def sheet(client: Client, url: str, query: Any = None) -> list[list[str]]:
    """The lines of a file, header first."""
    response = client.get(url, query)
    assert response.status_code == 200, (response.status_code, response.headers.get("Location"))
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = body(response).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def column(lines: list[list[str]], header: str) -> list[str]:
    """One column of a sheet, without its header."""
    place = lines[0].index(header)
    return [line[place] for line in lines[1:]]
