"""Who may do what: `rights.toml` as data."""

import enum
import functools
import tomllib
from pathlib import Path
from typing import Any

RIGHTS_FILE = Path(__file__).with_name("rights.toml")


class Right(enum.StrEnum):
    """A right that a view can ask for; the names in `rights.toml`."""

    SEE = "see"
    EDIT_CUSTOMERS = "edit_customers"
    MOVE_CREDIT = "move_credit"
    SET_DISCOUNTS = "set_discounts"
    REMOVE_PRODUCTS = "remove_products"
    IMPORT = "import"
    EXPORT = "export"
    EDIT_CATALOGUE = "edit_catalogue"
    EDIT_TIERS = "edit_tiers"
    RETURN = "return"
    REDELIVER_MANY = "redeliver_many"
    RUN_STORE = "run_store"


@functools.cache
def table() -> list[dict[str, Any]]:
    """The rows of the table of rights, as written."""
    return tomllib.loads(RIGHTS_FILE.read_text())["rights"]


@functools.cache
def rights_of(role: str) -> frozenset[Right]:
    """What a member of that role may do."""
    return frozenset(
        Right(name) for row in table() if role in row["roles"] for name in row["names"]
    )
