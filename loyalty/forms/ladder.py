"""The editor of the ladder: rows of tiers, and the settings that change with them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from loyalty import drafts
from loyalty.drafts import MAX_ROWS, Fault, Row
from loyalty.forms.rules import NamedSettings
from loyalty.ladder import CHOICES
from loyalty.models import Period, Settings
from loyalty.standing import Ladder
from loyalty.tiers import Rung
from stores.forms import MoneyField, PercentField, StoreForm
from stores.opened import DAMAGED

PREFIX = "tiers"
NAMES = ("threshold", "period", "discount", "group_only")
ATTENTION = gettext_noop("Nothing was saved: the marked rows need your attention.")
OVERTAKEN = gettext_noop(
    "Somebody else saved other discounts meanwhile; nothing of yours was saved. Theirs stand below."
    " Save again to replace them by yours."
)


class TierForm(StoreForm):
    """One row of the editor."""

    def build(self) -> None:
        self.fields["threshold"] = MoneyField(label=_("Threshold"), currency=self.store.money)
        self.fields["period"] = forms.ChoiceField(
            label=_("Period"), choices=Period.choices, initial=Period.GLOBAL
        )
        self.fields["discount"] = PercentField(label=_("Discount %"), empty=None)
        self.fields["group_only"] = forms.BooleanField(label=_("Group only"), required=False)

    @property
    def row(self) -> Row:
        """As typed; a row that was left as it came has nothing."""
        typed = self.cleaned_data
        return Row(
            typed.get("threshold"),
            typed.get("period", Period.GLOBAL.value),
            typed.get("discount"),
            typed.get("group_only", False),
        )


TierRows = forms.formset_factory(
    TierForm, extra=0, max_num=MAX_ROWS, absolute_max=MAX_ROWS + 1, validate_max=True
)


class LadderForm(NamedSettings, StoreForm):
    """All rows and the named settings, posted against the version that was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**53)

    def __init__(
        self, *args: Any, settings: Settings, rows: Sequence[dict[str, Any]], **kwargs: Any
    ):
        kwargs.setdefault(
            "initial",
            {"version": settings.version, **{name: getattr(settings, name) for name in CHOICES}},
        )
        super().__init__(*args, **kwargs)
        self.theirs: Ladder | None = None
        self.rungs: list[Rung] = []
        self.rows = TierRows(
            self.data if self.is_bound else None,
            prefix=PREFIX,
            initial=None if self.is_bound else (list(rows) or [{}]),
            form_kwargs={"store": self.store},
        )

    @property
    def typed(self) -> list[Row]:
        return [form.row for form in self.rows.forms]

    @property
    def choices(self) -> dict[str, bool]:
        return {name: self.cleaned_data[name] for name in CHOICES}

    @property
    def ladder(self) -> Ladder:
        """The ladder that the rows come to."""
        return Ladder(tuple(self.rungs), self.cleaned_data["largest_wins"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "version" in self.errors:
            raise forms.ValidationError(DAMAGED)
        if not self.rows.is_valid():
            raise forms.ValidationError([*self.rows.non_form_errors(), _(ATTENTION)])
        try:
            self.rungs = drafts.read(self.typed)
        except drafts.Faulty as faulty:
            self._mark(faulty.faults)
            raise forms.ValidationError(_(ATTENTION)) from None
        return cleaned

    def show_overtaken(self, settings: Settings, theirs: Ladder) -> None:
        """Say that another ladder was saved, and show it; saving again replaces it."""
        self.data = {**dict(self.data.items()), "version": str(settings.version)}
        self.theirs = theirs
        self.add_error(None, _(OVERTAKEN))

    def go_on_at(self, place: int) -> None:
        """That row, or the last, has the focus."""
        row = self.rows.forms[min(place, len(self.rows.forms) - 1)]
        row.fields["threshold"].widget.attrs["autofocus"] = True

    def _mark(self, faults: Sequence[Fault]) -> None:
        for fault in faults:
            self.rows.forms[fault.place].add_error(fault.field, fault.text)


def as_rows(rungs: Sequence[Rung]) -> list[dict[str, Any]]:
    """Saved tiers as the editor shows them."""
    return [rung._asdict() for rung in rungs]


def retyped(data: QueryDict) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What stands in the fields of a form sent, judged by nobody: of the form, and of each row."""
    total = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    count = min(int(total), MAX_ROWS) if total.isascii() and total.isdigit() else 0
    rows = [
        {name: data.get(f"{PREFIX}-{place}-{name}") for name in NAMES} for place in range(count)
    ]
    return {name: data.get(name) for name in ("version", *CHOICES)}, rows
