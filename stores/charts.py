"""Charts drawn by the server: bars over labels, as numbers that a template puts into SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 84, 4, 8, 24
TICKS = 4
FILLED = 0.62
LABELS = 12


@dataclass(frozen=True)
class Part:
    """One part of a group: what it stands for, the class that colours it, what it says, and the
    address of its rows.
    """

    value: int
    css: str
    says: str = ""
    url: str = ""


@dataclass(frozen=True)
class Bar:
    """A part, and where it is drawn."""

    part: Part
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Group:
    """The bars over one label, with what they say together."""

    label: str
    says: str
    left: int
    middle: int
    width: int
    bars: list[Bar]
    shows_label: bool


@dataclass(frozen=True)
class Tick:
    """A line across, at a round value."""

    value: int
    text: str
    y: int


@dataclass(frozen=True)
class BarChart:
    """Bars above and below a line of zero."""

    groups: list[Group]
    ticks: list[Tick]
    has_links: bool
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    top: int = TOP

    @property
    def label_y(self) -> int:
        return self.height - 6

    @property
    def inner_height(self) -> int:
        return self.height - BOTTOM - self.top


def bar_chart(
    groups: Sequence[tuple[str, Sequence[Part]]], *, write: Callable[[int], str] = str
) -> BarChart:
    """The chart of labels, each with the parts of its bar: those above zero stand on one another,
    those below hang from one another. `write` puts a value of the axis into words, with its unit.
    """
    highest = max((_up(parts) for _, parts in groups), default=0)
    lowest = min((_down(parts) for _, parts in groups), default=0)
    step = round_step(highest, -lowest)
    top, bottom = _multiple(highest, step), -_multiple(-lowest, step)
    if top == bottom:
        top = step
    span = HEIGHT - TOP - BOTTOM

    def y(value: int) -> int:
        return TOP + round(span * (top - value) / (top - bottom))

    slot = (WIDTH - LEFT - RIGHT) / max(1, len(groups))
    width = max(1, round(slot * FILLED))
    every = -(-len(groups) // LABELS)

    def group(place: int, label: str, parts: Sequence[Part]) -> Group:
        middle = LEFT + round(slot * (place + 0.5))
        bars, up, down = [], 0, 0
        for part in parts:
            if part.value < 0:
                begins, ends = down, down + part.value
                down = ends
            else:
                begins, ends = up + part.value, up
                up = begins
            bars.append(Bar(part, middle - width // 2, y(begins), width, y(ends) - y(begins)))
        says = f"{label}: {', '.join(part.says for part in parts)}"
        left = LEFT + round(slot * place)
        return Group(label, says, left, middle, round(slot), bars, place % every == 0)

    return BarChart(
        [group(place, *one) for place, one in enumerate(groups)],
        [Tick(value, write(value), y(value)) for value in range(bottom, top + 1, step)],
        has_links=any(part.url for _, parts in groups for part in parts),
    )


def round_step(*sizes: int) -> int:
    """A step of 1, 2 or 5 times a power of ten that divides the largest size into a few."""
    wanted = max(1, -(-max(sizes) // TICKS))
    power = 10 ** (len(str(wanted)) - 1)
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= wanted)


def _up(parts: Sequence[Part]) -> int:
    return sum(part.value for part in parts if part.value > 0)


def _down(parts: Sequence[Part]) -> int:
    return sum(part.value for part in parts if part.value < 0)


def _multiple(size: int, step: int) -> int:
    """The next multiple of a step, at or above."""
    return -(-size // step) * step
