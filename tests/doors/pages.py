"""Answers read as a browser reads them: a small tree of the page, its forms, its headers; strict about nesting."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

VOID = set("area base br col embed hr img input link meta source track wbr".split())
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Node:
    """An element with its attributes, and what stands inside it."""

    def __init__(self, tag: str, attrs: dict[str, str] | None = None):
        self.tag = tag
        self.attrs = attrs or {}
        self.children: list[Node | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attrs[name]

    def __contains__(self, name: str) -> bool:
        return name in self.attrs

    @property
    def text(self) -> str:
        """The words inside, with single spaces."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._words()

    def walk(self) -> Iterator["Node"]:
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def all(self, tag: str = "", **attrs: str) -> list["Node"]:
        """Elements inside by tag and attributes; `class_` asks for one class among others."""
        return [node for node in self.walk() if node._is(tag, attrs)]

    def one(self, tag: str = "", **attrs: str) -> "Node":
        (node,) = self.all(tag, **attrs)
        return node

    def _is(self, tag: str, attrs: dict[str, str]) -> bool:
        if tag and self.tag != tag:
            return False
        for name, value in attrs.items():
            if name == "class_":
                if value not in self.attrs.get("class", "").split():
                    return False
            elif self.attrs.get(name.rstrip("_").replace("_", "-")) != value:
                return False
        return True

    def values(self) -> dict[str, str]:
        """The fields of a form as a browser would send them, buttons and files left out."""
        found: dict[str, str] = {}
        for node in self.walk():
            name = node.attrs.get("name")
            kind = node.attrs.get("type", "text")
            if not name or kind in ("submit", "file") or node.tag not in _VALUES:
                continue
            if kind in ("checkbox", "radio") and "checked" not in node:
                continue
            found[name] = _VALUES[node.tag](node)
        return found

    def error(self, field: str) -> str:
        """What is said beside a field; '' if nothing."""
        return " ".join(
            node.text
            for node in self.walk()
            if "invalid-feedback" in node.attrs.get("class", "").split()
            and node.attrs.get("id", "").startswith((f"error_1_id_{field}", f"id_{field}_error"))
        )


def _typed(node: Node) -> str:
    return node.attrs.get("value", "on" if node.attrs.get("type") == "checkbox" else "")


def _written(node: Node) -> str:
    raw = "".join(child for child in node.children if isinstance(child, str))
    return raw.removeprefix("\n").replace("\n", "\r\n")


def _chosen(node: Node) -> str:
    options = node.all("option")
    chosen = [option for option in options if "selected" in option] or options[:1]
    return chosen[0].attrs.get("value", "") if chosen else ""


_VALUES = {"input": _typed, "textarea": _written, "select": _chosen}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("#page")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(response: Any) -> Node:
    """The tree of a page or of a piece of one."""
    return tree(body(response).decode())


def tree(html: str) -> Node:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert [node.tag for node in reader.open] == ["#page"], "something is left open"
    return reader.root


def body(response: Any) -> bytes:
    if not response.streaming:
        return response.content
    if not hasattr(response, "read_body"):
        response.read_body = b"".join(response.streaming_content)
    return response.read_body


def is_html(response: Any) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def header_faults(response: Any, *, picture: bool = False) -> list[str]:
    """Headers that an answer lacks or has wrong."""
    faults = [
        f"{name}: {response.headers.get(name)}"
        for name, wanted in HEADERS.items()
        if response.headers.get(name) != wanted
    ]
    policy = response.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        faults.append(f"Content-Security-Policy: {policy}")
    kept = response.headers.get("Cache-Control", "")
    if ("private" if picture else "no-store") not in kept or "public" in kept:
        faults.append(f"Cache-Control: {kept}")
    return faults


def inline_faults(response: Any) -> list[str]:
    """Scripts, styles and event handlers that stand in the page itself."""
    if not is_html(response) or not body(response):
        return []
    faults = []
    for node in read(response).walk():
        if node.tag == "style" or (node.tag == "script" and ("src" not in node or node.text)):
            faults.append(f"<{node.tag}> in the page")
        for name, value in node.attrs.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                faults.append(f"{name} at <{node.tag}>")
            if value.strip().lower().startswith(("javascript:", "js:")):
                faults.append(f"{name}={value} at <{node.tag}>")
    return faults
