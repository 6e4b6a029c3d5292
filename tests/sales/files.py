"""Makes small sales files for the tests and reads them."""

import io
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sales.reader import open_sales

KEY = "8dcd4a48-2d37-4909-9f78-f7a9eb4ef903"


def opened(data: str | bytes, **options) -> Any:
    given = {"digits": 2, "zone": ZoneInfo("Europe/London"), "today": date(2026, 3, 10)}
    data = data.encode() if isinstance(data, str) else data
    return open_sales(lambda: io.BytesIO(data), **given | options)


def only(cells: str, headers: str = "customer,date,quantity,amount", **options) -> Any:
    """What is read of one line below another that shows a decimal point."""
    first = {"customer": "First", "date": "2020-01-01", "quantity": "1"}
    before = ",".join(
        first.get(header, "1.5" * (header != "uuid")) for header in headers.split(",")
    )
    lines = list(opened(f"{headers}\n{before}\n{cells}\n", **options))
    assert len(lines) == 2
    return lines[1]
