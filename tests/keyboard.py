"""One who uses pages by keyboard alone: goes from stop to stop by Tab, and expects to see where they are."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

# What has the focus: what it is called, whether it can be seen, and whether it looks focused. What had it
# before tells the latter: it has to look different now. A date's button has a ring of the browser's own.
STOP = """() => {
    const stop = document.activeElement;
    if (!stop || stop === document.body) return null;
    const look = (one) => [one, one.querySelector(":scope > td, :scope > rect")].filter(Boolean)
        .map((part) => getComputedStyle(part))
        .map(({ outlineStyle, outlineWidth, boxShadow, stroke }) =>
            outlineStyle === "none" ? `${boxShadow} ${stroke}` : `${outlineStyle} ${outlineWidth}`).join();
    const isButtonOfDate = ["date", "month"].includes(stop.type) && !stop.matches(":focus-visible");
    const faults = [];
    const before = globalThis.lastStop;
    if (before && before.stop !== stop && before.stop.isConnected && look(before.stop) === before.look)
        faults.push("the stop before it looked as if it had no focus");
    globalThis.lastStop = isButtonOfDate ? null : { stop, look: look(stop) };
    if (!isButtonOfDate && !stop.matches(":focus-visible")) faults.push("its focus cannot be seen");

    const box = stop.getBoundingClientRect();
    const [left, top] = [Math.max(box.left, 0), Math.max(box.top, 0)];
    const [right, bottom] = [Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)];
    const shows = ([x, y]) => {
        const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
        return hit && (stop.contains(hit) || hit.closest("label")?.control === stop);
    };
    const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
    if (right - left < 1 || bottom - top < 1) faults.push("it is outside the window");
    else if (!points.some(shows)) faults.push("something covers it");

    globalThis.seenStops ??= new WeakSet();
    const again = !isButtonOfDate && before?.stop !== stop && seenStops.has(stop);
    seenStops.add(stop);
    const words = stop.getAttribute("aria-label") || stop.labels?.[0]?.textContent || stop.textContent;
    const name = words.replace(/\\s+/g, " ").trim().slice(0, 60);
    return { name: `${stop.localName} "${name}"`, faults, again };
}"""
# What a mouse can press and no Tab has led to. Of radio buttons one is a stop, arrows lead to the others.
MISSED = """() => [...(document.querySelector("dialog[open]") ?? document).querySelectorAll("a[href], button, summary, select, textarea, input:not([type=radio])")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && !seenStops.has(one))
    .filter((one) => one.tabIndex >= 0 && one.getClientRects().length)
    .map((one) => one.outerHTML.slice(0, 100))"""
BUSY = ".htmx-request, .htmx-swapping, .htmx-settling"
HAS_FOCUS = "all => all.includes(document.activeElement)"
MOST_STOPS = 400

Role = Literal["button", "checkbox", "link", "radio"]


class Stop(NamedTuple):
    """Where Tab led, and what is wrong with it."""

    name: str
    faults: list[str]
    again: bool


class Keyboard:
    """Keys for a page. Whoever walks by Tab fails at a stop that cannot be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.wait_for_load_state()  # before its scripts run a page knows no keys of ours
            expect(self.page.locator(BUSY)).to_have_count(0)
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        """In place of what the field holds."""
        self.press("Control+a")
        self.page.keyboard.type(words)

    def step(self, *, back: bool = False) -> Stop | None:
        """What the next Tab leads to."""
        self.press("Shift+Tab" if back else "Tab")
        found = self.page.evaluate(STOP)
        return Stop(**found) if found else None

    def walk(self) -> Iterator[Stop]:
        """Every stop of the page or the dialog, once; after the last comes the first again."""
        ends = 0
        for _ in range(MOST_STOPS):
            stop = self.step()
            if stop is None:
                ends += 1
            elif not stop.again:
                yield stop
            if ends > 1 or (stop and stop.again):
                return
        pytest.fail(f"more than {MOST_STOPS} stops")

    def missed(self) -> list[str]:
        """What a walk did not come by."""
        found: list[str] = self.page.evaluate(MISSED)
        return found

    def to(self, wanted: Locator, *, within: int = 25, back: bool = False) -> None:
        """Go to it by so many Tabs at most."""
        passed = []
        for _ in range(within):
            stop = self.step(back=back)
            if stop is None:
                passed.append("the end of the page")
                continue
            passed.append(stop.name)
            if stop.faults:
                pytest.fail(f"{stop.name}: {'; '.join(stop.faults)}")
            if wanted.evaluate_all(HAS_FOCUS):
                return
        pytest.fail(f"{wanted} is not among the next {within} stops: {', '.join(passed)}")

    def to_role(self, role: Role, name: str, **how: int | bool) -> None:
        self.to(self.page.get_by_role(role, name=name, exact=True), **how)

    def follow(self, name: str, **how: int | bool) -> None:
        """Go to the link and open it."""
        self.to_role("link", name, **how)
        self.press("Enter")

    def push(self, name: str, **how: int | bool) -> None:
        """Go to the button and press it."""
        self.to_role("button", name, **how)
        self.press("Enter")

    def tick(self, name: str, **how: int | bool) -> None:
        """Go to the box and change it."""
        self.to_role("checkbox", name, **how)
        self.press("Space")

    def fill(self, label: str, words: str, **how: int | bool) -> None:
        """Go to the field and type; a date is typed as month, day and year."""
        self.to(self.page.get_by_label(label), **how)
        self.type(words)

    def choose(self, label: str, option: str, **how: int | bool) -> None:
        """Go to the list of choices and type how the choice begins."""
        self.to(self.page.get_by_label(label), **how)
        self.page.keyboard.type(option)
        expect(self.page.locator("select:focus option:checked")).to_have_text(
            re.compile(f"^{option}")
        )
