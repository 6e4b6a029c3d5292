"""Charts drawn by the server: bars over labels, as places that a template puts into SVG.

Heights are pixels; across, all is in per cent of the width, which is known to the browser alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

HEIGHT, TOP, BOTTOM = 220, 8, 24
TICKS = 4
# A bar fills so much of its place, and no more of the whole chart than that.
FILLED, WIDEST = 0.62, 12
# So many labels stand side by side in a wide chart and in a narrow one.
LABELS, FEW_LABELS = 12, 6
# Words of the axis that are longer need more room beside it.
SHORT = 11


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
    x: str
    y: int
    width: str
    height: int


@dataclass(frozen=True)
class Group:
    """The bars over one label, with what they say together; a spare label stands in a wide chart
    only.
    """

    label: str
    says: str
    left: str
    middle: str
    width: str
    bars: list[Bar]
    shows_label: bool
    is_spare: bool


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
    height: int = HEIGHT
    top: int = TOP

    @property
    def label_y(self) -> int:
        return self.height - 6

    @property
    def inner_height(self) -> int:
        return self.height - BOTTOM - self.top

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see above the labels."""
        return not any(bar.part.value for group in self.groups for bar in group.bars)

    @property
    def has_long_ticks(self) -> bool:
        return any(len(tick.text) > SHORT for tick in self.ticks)


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

    slot = 100 / max(1, len(groups))
    width = min(slot * FILLED, WIDEST)
    every = max(1, -(-len(groups) // LABELS))
    seldom = every * max(1, -(-len(groups) // (every * FEW_LABELS)))

    def group(place: int, label: str, parts: Sequence[Part]) -> Group:
        middle = slot * (place + 0.5)
        bars, up, down = [], 0, 0
        for part in parts:
            if part.value < 0:
                begins, ends = down, down + part.value
                down = ends
            else:
                begins, ends = up + part.value, up
                up = begins
            left = _percent(middle - width / 2)
            bars.append(Bar(part, left, y(begins), _percent(width), y(ends) - y(begins)))
        # Counted from the last one, which is the one that is looked for.
        back = len(groups) - 1 - place
        return Group(
            label,
            f"{label}: {', '.join(part.says for part in parts)}",
            _percent(slot * place),
            _percent(middle),
            _percent(slot),
            bars,
            shows_label=back % every == 0,
            is_spare=back % seldom != 0,
        )

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


def _percent(share: float) -> str:
    return f"{share:.2f}%"


def _up(parts: Sequence[Part]) -> int:
    return sum(part.value for part in parts if part.value > 0)


def _down(parts: Sequence[Part]) -> int:
    return sum(part.value for part in parts if part.value < 0)


def _multiple(size: int, step: int) -> int:
    """The next multiple of a step, at or above."""
    return -(-size // step) * step
