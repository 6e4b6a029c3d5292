"""Every route of the program, read from the URLconf."""

import dataclasses
import re

from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RegexPattern


@dataclasses.dataclass(frozen=True)
class Route:
    """An address with its slots. `name` is that of the URLconf, or the pattern itself where there is none."""

    name: str
    pattern: str
    slots: tuple[str, ...]

    def path(self, values: dict[str, str]) -> str:
        """The address with every slot filled."""
        path = self.pattern
        for slot in self.slots:
            path = re.sub(rf"<(\w+:)?{slot}>|\(\?P<{slot}>.*?\)(?=[-/$])", values[slot], path)
        return "/" + re.sub(r"[\^$\\]", "", path)


def all_routes() -> list[Route]:
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver, before, namespace):
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inner)
        else:
            if isinstance(entry.pattern, RegexPattern):
                slots = tuple(re.findall(r"\(\?P<(\w+)>", pattern))
            else:
                slots = tuple(re.findall(r"<(?:\w+:)?(\w+)>", pattern))
            slots += tuple(
                slot for slot in re.findall(r"<(?:\w+:)?(\w+)>", before) if slot not in slots
            )
            yield Route(namespace + (entry.name or pattern), pattern, slots)
