"""The table of a run, and its JSON."""

import dataclasses
import datetime as dt
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import get_version
from django.db import connection

from benchmarks.clock import Cost

# Goals are set for a million customers; with few of them what is fixed outweighs the work.
JUDGED_FROM = 100_000
HEADER = (
    "work",
    "ours: CPU client + database",
    "wall",
    "floor: CPU client + database",
    "wall",
    "ratio: CPU",
    "wall",
    "goal",
    "",
)


@dataclasses.dataclass(frozen=True)
class Line:
    """One kind of work beside its floor. A goal that `binds` fails the run where it is missed."""

    work: str
    ours: Cost | None = None
    floor: Cost | None = None
    goal: float | None = None
    binds: bool = True
    note: str = ""

    @property
    def ratios(self) -> tuple[float | None, float | None]:
        """By CPU, where it is known, and by the wall."""
        if self.ours is None or self.floor is None:
            return None, None
        return _ratio(self.ours.cpu, self.floor.cpu), _ratio(self.ours.wall, self.floor.wall)

    @property
    def is_over(self) -> bool:
        """Whether the goal is missed: by CPU, else by the wall."""
        cpu, wall = self.ratios
        ratio = wall if cpu is None else cpu
        return self.goal is not None and ratio is not None and ratio > self.goal

    def fails(self, customers: int) -> bool:
        return self.binds and self.is_over and customers >= JUDGED_FROM

    def cells(self, customers: int) -> list[str]:
        cpu, wall = self.ratios
        said = [self.note] if self.note else []
        if self.is_over:
            said.insert(0, "OVER" if self.fails(customers) else "over, does not count yet")
        return [
            self.work,
            *_cost_cells(self.ours),
            *_cost_cells(self.floor),
            _times(cpu),
            _times(wall),
            _times(self.goal),
            "; ".join(said),
        ]


def table(lines: Sequence[Line], customers: int) -> str:
    """The lines as a table of Markdown; milliseconds."""
    rows = [HEADER, *(line.cells(customers) for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADER))]
    text = [_row(row, widths) for row in rows]
    text.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    return "\n".join(text)


def write(lines: Sequence[Line], options: dict[str, Any], folder: Path) -> Path:
    """The run as JSON in a file of its own."""
    at = dt.datetime.now(dt.UTC)
    path = folder / f"{connection.vendor}-{options['customers']}-{at:%Y%m%d-%H%M%S}.json"
    body = {
        "at": at.isoformat(timespec="seconds"),
        "machine": machine(),
        "options": options,
        "lines": [_plain(line, options["customers"]) for line in lines],
    }
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body, indent=2) + "\n")
    return path


def machine() -> dict[str, Any]:
    """Where and on what it was measured."""
    with connection.cursor() as cursor:
        version = "version()" if connection.vendor == "postgresql" else "sqlite_version()"
        cursor.execute(f"SELECT {version}")
        (engine,) = cursor.fetchone()
    return {
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load": [round(load, 1) for load in os.getloadavg()],
        "python": platform.python_version(),
        "django": get_version(),
        "engine": f"{connection.display_name} {engine}",
    }


def _plain(line: Line, customers: int) -> dict[str, Any]:
    cpu, wall = line.ratios
    return {
        "work": line.work,
        "ours": line.ours and line.ours._asdict(),
        "floor": line.floor and line.floor._asdict(),
        "ratio_cpu": cpu,
        "ratio_wall": wall,
        "goal": line.goal,
        "over": line.is_over,
        "failed": line.fails(customers),
        "note": line.note,
    }


def _ratio(ours: float | None, floor: float | None) -> float | None:
    return ours / floor if ours is not None and floor else None


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f} x"


def _cost_cells(cost: Cost | None) -> list[str]:
    if cost is None:
        return ["", ""]
    if cost.database is None:
        return [_ms(cost.client), _ms(cost.wall)]
    # On SQLite the database is part of the client.
    cpu = f"{_ms(cost.client)} + {_ms(cost.database)}" if cost.database else _ms(cost.client)
    return [cpu, _ms(cost.wall)]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.{0 if seconds >= 0.1 else 1}f}"


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"
