"""Defaults that hold for rows made by the program and for rows written in bulk alike."""

from typing import Any

EMPTY: dict[str, Any] = {"default": "", "db_default": ""}
ZERO: dict[str, Any] = {"default": 0, "db_default": 0}
NO: dict[str, Any] = {"default": False, "db_default": False}
YES: dict[str, Any] = {"default": True, "db_default": True}
