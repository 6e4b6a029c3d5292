"""Which product of the store a name of the file may mean. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

ALIKE = 0.62
PROPOSED = 4
# So many of the rarest parts of a name find those that are compared as a whole.
PARTS = 16
COMPARED = 12
# A part that so many names have tells nothing.
COMMON = 500


class Catalogue:
    """Names of products with their keys."""

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        self.names = dict(names)
        self._exact = {name: key for key, name in self.names.items()}
        self._folded: defaultdict[str, list[int]] = defaultdict(list)
        self._parts: defaultdict[str, list[int]] = defaultdict(list)
        for key, name in self.names.items():
            folded = fold(name)
            self._folded[folded].append(key)
            for part in _parts(folded):
                self._parts[part].append(key)

    def exact(self, name: str) -> int | None:
        """The product of exactly that name."""
        return self._exact.get(name)

    def same(self, name: str) -> int | None:
        """The product of that name, whatever its case and signs; None where several have it."""
        if name in self._exact:
            return self._exact[name]
        found = self._folded.get(fold(name), [])
        return found[0] if len(found) == 1 else None

    def alike(self, name: str) -> list[int]:
        """Products whose names are like that one, best first."""
        folded = fold(name)
        scored = [
            (-_likeness(folded, fold(self.names[key])), key) for key in self._candidates(folded)
        ]
        return [key for score, key in sorted(scored) if -score >= ALIKE][:PROPOSED]

    def _candidates(self, folded: str) -> list[int]:
        lists = sorted((self._parts.get(part, []) for part in _parts(folded)), key=len)
        shared = Counter(key for keys in lists[:PARTS] if len(keys) <= COMMON for key in keys)
        return [key for key, _ in shared.most_common(COMPARED)]


def fold(name: str) -> str:
    """A name without case, signs and doubled spaces."""
    return " ".join(re.sub(r"[\W_]+", " ", name.casefold()).split()) or name.casefold()


def _parts(folded: str) -> set[str]:
    padded = f" {folded} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def _likeness(one: str, other: str) -> float:
    """0 to 1, whatever the order of the words."""
    by_word = [" ".join(sorted(text.split())) for text in (one, other)]
    return max(
        SequenceMatcher(None, one, other).ratio(),
        SequenceMatcher(None, by_word[0], by_word[1]).ratio(),
    )
