"""Charts drawn by the server: bars over labels, as numbers that a template puts into SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 84, 4, 8, 24
TICKS = 4
FILLED = 0.62


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, and where it is drawn."""

    value: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Group:
    """The bars over one label: what was added, and below the line what was taken."""

    label: str
    middle: int
    up: Bar
    down: Bar


@dataclass(frozen=True)
class Tick:
    """A line across, at a round value."""

    value: int
    y: int


@dataclass(frozen=True)
class BarChart:
    """Bars above and below a line of zero."""

    groups: list[Group]
    ticks: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT

    @property
    def label_y(self) -> int:
        return self.height - 6


def bar_chart(values: Sequence[tuple[str, int, int]]) -> BarChart:
    """The chart of labels, each with a value of 0 or more and one of 0 or less."""
    step = round_step(max((up for _, up, _ in values), default=0), -min_of(values))
    top = _multiple(max((up for _, up, _ in values), default=0), step)
    bottom = -_multiple(-min_of(values), step)
    if top == bottom:
        top = step
    span = HEIGHT - TOP - BOTTOM

    def y(value: int) -> int:
        return TOP + round(span * (top - value) / (top - bottom))

    slot = (WIDTH - LEFT - RIGHT) / max(1, len(values))
    width = max(1, round(slot * FILLED))

    def group(place: int, label: str, up: int, down: int) -> Group:
        middle = LEFT + round(slot * (place + 0.5))
        x = middle - width // 2
        above = Bar(up, x, y(up), width, y(0) - y(up))
        below = Bar(down, x, y(0), width, y(down) - y(0))
        return Group(label, middle, above, below)

    groups = [group(place, *value) for place, value in enumerate(values)]
    ticks = [Tick(value, y(value)) for value in range(bottom, top + 1, step)]
    return BarChart(groups, ticks)


def round_step(*sizes: int) -> int:
    """A step of 1, 2 or 5 times a power of ten that divides the largest size into a few."""
    wanted = max(1, -(-max(sizes) // TICKS))
    power = 10 ** (len(str(wanted)) - 1)
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= wanted)


def min_of(values: Sequence[tuple[str, int, int]]) -> int:
    return min((down for _, _, down in values), default=0)


def _multiple(size: int, step: int) -> int:
    """The next multiple of a step, at or above."""
    return -(-size // step) * step
