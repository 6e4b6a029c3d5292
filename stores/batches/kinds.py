"""What a kind of batch says about itself, and the register of kinds."""

import dataclasses
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores import nouns
from stores.models import Batch, BatchRow, Outcome, User
from stores.nouns import Noun, Words
from stores.rights import Right
from stores.tables import Row

CHUNK: int = settings.BATCH_CHUNK_ROWS


class BatchRefused(ValueError):
    """What was asked of a batch is not possible; the text says why. Nothing has changed."""


@dataclasses.dataclass(frozen=True)
class Step:
    """What one chunk of work came to: the key of its last row, how many rows it took, and numbers
    that add up over the batch. No rows: there is nothing left.
    """

    cursor: int
    rows: int
    counts: dict[str, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class RowList:
    """Rows of a batch that its page lists together: what they are called, which they are, how many.

    `count` is None where nobody has counted them.
    """

    name: str
    label: Words
    rows: Q
    count: int | None = None


@dataclasses.dataclass(frozen=True)
class Question:
    """A page on which more is said about a preview: its button, its address, and whether it has to
    be opened before the change can be applied.
    """

    label: Words
    url: str
    first: bool


def came_of(row: BatchRow) -> Row:
    """What came of a row, as its page shows it: nothing is said where it came as asked."""
    label = str(Outcome(row.outcome).label) if row.outcome else ""
    return {"outcome": label, "drifted": row.drifted}


def outcome_cells(line: Row) -> list[str]:
    """The same as it stands in a file."""
    return [line["outcome"] or str(Outcome.WHOLE.label), _("yes") if line["drifted"] else ""]


PLANNED = "planned"
DONE = "done"
DRIFTED = "drifted"


class BatchKind(ABC):
    """How a kind of batch is planned, applied and shown. Made once and registered when the program
    starts; what belongs to one batch stands in its row.
    """

    name: ClassVar[str]
    noun: ClassVar[Noun]
    right: ClassVar[Right]
    rows: ClassVar[type[BatchRow]]
    target: ClassVar[str]
    undo_kind: ClassVar[str] = ""
    can_do_again: ClassVar[bool] = False
    # The tables that a plan and the work fill: PostgreSQL is told once how large they have become.
    plan_fills: ClassVar[tuple[type[Model], ...]] = ()
    work_fills: ClassVar[tuple[type[Model], ...]] = ()
    row_template: ClassVar[str]
    # What the lists of a result are called: rows done, done in part, not done, and not as planned.
    done: ClassVar[Words] = gettext_lazy("Done")
    short: ClassVar[Words] = gettext_lazy("In part")
    left_out: ClassVar[Words] = gettext_lazy("Left out")
    drifted: ClassVar[Words] = gettext_lazy("Changed since the preview")

    @abstractmethod
    def plan(self, batch: Batch) -> Step:
        """Write the next chunk of plan rows after `batch.cursor`, within the caller's transaction.
        Locks nothing. Raises BatchRefused where it can no longer be told whom the batch is for.
        """

    @abstractmethod
    def apply(self, batch: Batch) -> Step:
        """Give the next chunk of rows after `batch.cursor` their change, within the caller's
        transaction; each row at most once.
        """

    def totals(self, batch: Batch) -> dict[str, Any]:
        """What a finished plan adds up to, kept with the batch; asked for once."""
        return {}

    def again(self, batch: Batch, by: User) -> Batch:
        """Draft the same change anew, as things stand now. Raises BatchRefused."""
        raise BatchRefused(_("This change is not done again."))

    def call_off(self, batch: Batch) -> int:
        """Stop what a batch has set going and has not happened yet, within the caller's
        transaction; how much that is.
        """
        return 0

    def under_way(self, batch: Batch) -> bool:
        """Whether there is anything to be called off."""
        return False

    def question(self, batch: Batch) -> "Question | None":
        """What is asked about a preview at a page of its own."""
        return None

    def refusal(self, batch: Batch) -> str:
        """Why a preview cannot be applied yet; '' if it can."""
        return ""

    def throw_away(self, batch: Batch) -> None:
        """Delete the plan of a locked batch that nobody confirmed."""
        self.planned(batch)._raw_delete(batch._state.db)

    def planned(self, batch: Batch) -> QuerySet[Any]:
        """The rows of a batch."""
        return self.rows._default_manager.filter(batch=batch)

    def lists(self, batch: Batch) -> list[RowList]:
        """The lists of a batch whose plan is whole, the first being shown at first. A preview shows
        what changes; in a long one that would have to be sought.
        """
        if not batch.has_ended:
            few = batch.planned <= CHUNK and self.touched(batch)
            rows = ~Q(outcome=Outcome.LEFT_OUT) if few else Q()
            count = self.touched(batch) if few else batch.planned
            return [RowList(PLANNED, _("Planned"), rows, count)]
        worked = Q(**{f"{self.target}__lte": batch.cursor})
        done = worked & ~Q(outcome=Outcome.LEFT_OUT)
        return [
            RowList(DONE, self.done, done, self.number_done(batch)),
            *self.shortfalls(batch),
        ]

    def shortfalls(self, batch: Batch) -> list[RowList]:
        """The rows that did not go as asked, or not as planned."""
        worked = Q(**{f"{self.target}__lte": batch.cursor})
        outcomes = ((Outcome.SHORT, self.short), (Outcome.LEFT_OUT, self.left_out))
        return [
            *(
                RowList(one.value, label, worked & Q(outcome=one), batch.counts.get(one, 0))
                for one, label in outcomes
            ),
            RowList(DRIFTED, self.drifted, worked & Q(drifted=True)),
        ]

    def undo_title(self, batch: Batch) -> str:
        return (_("Undo: %(title)s") % {"title": batch.title})[:200]

    def facts(self, batch: Batch) -> list[tuple[str, str]]:
        """What was asked for, in words: label and value."""
        return []

    def warnings(self, batch: Batch) -> list[str]:
        """What the person ought to know before they apply it."""
        return []

    def button(self, batch: Batch) -> str:
        """What the button says that applies it."""
        return _("Update %(things)s") % {"things": self.things(self.touched(batch))}

    def touched(self, batch: Batch) -> int:
        """How many rows of a plan change anything."""
        return batch.planned - batch.counts.get(Outcome.LEFT_OUT, 0)

    def number_done(self, batch: Batch) -> int:
        """How many rows of a result were done, whole or in part."""
        return batch.handled - batch.counts.get(Outcome.LEFT_OUT, 0)

    def said(self, batch: Batch) -> str:
        """What was done, for the person who did it."""
        less = [
            f"{label.lower()}: {batch.counts[outcome]:,}"
            for outcome, label in ((Outcome.SHORT, self.short), (Outcome.LEFT_OUT, self.left_out))
            if batch.counts.get(outcome)
        ]
        return "; ".join([f"{batch.title}: {self.things(self.number_done(batch))}", *less]) + "."

    def said_by_lists(self, batch: Batch) -> str:
        """What was done, as the lists of its rows count it."""
        parts = [f"{one.label.lower()}: {one.count:,}" for one in self.lists(batch) if one.count]
        return f"{batch.title}: {'; '.join(parts) or _('nothing')}."

    def things(self, number: int) -> str:
        """So many of what the batch touches."""
        return nouns.counted(self.noun, number)

    def all_things(self) -> str:
        """What the batch touches, without a number."""
        return nouns.form(self.noun, 0)

    def figures(self, batch: Batch) -> list[tuple[str, str]]:
        """The numbers of the plan or the result: label and value."""
        return []

    def lines(self, batch: Batch, keys: list[int]) -> list[Row]:
        """Rows of the batch as its page shows them, for `row_template`, in the order of `keys`,
        which are targets.
        """
        raise TypeError(f"{type(self).__name__} shows no rows")

    header: ClassVar[list[str]] = []

    def header_of(self, batch: Batch, rows: RowList) -> list[str]:
        """The header of one of its lists as CSV."""
        return self.header

    def cells(self, batch: Batch, line: Row) -> list[Any]:
        """A line as cells of a CSV under `header`."""
        raise TypeError(f"{type(self).__name__} shows no rows")


_kinds: dict[str, BatchKind] = {}


def register(*kinds: BatchKind) -> None:
    """Make kinds known; called by each package when the program starts."""
    for kind in kinds:
        _kinds[kind.name] = kind


def kind_of(batch: Batch) -> BatchKind:
    """The kind of a batch. Raises LookupError for a name that no package registered."""
    if batch.kind not in _kinds:
        raise LookupError(f"no kind of batch is called {batch.kind}")
    return _kinds[batch.kind]


def undo_right(batch: Batch) -> Right:
    """What one needs to undo a batch: the right to the kind of its undo."""
    kind = kind_of(batch)
    return _kinds[kind.undo_kind].right if kind.undo_kind else kind.right
