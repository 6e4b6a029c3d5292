"""What is asked about a list: the name of a view, the columns that are shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.edits import Changed
from stores.forms import StoreForm
from stores.looks import Look
from stores.models import SavedView
from stores.opened import RowForm
from stores.tables import Table

ROOMY, DENSE = "comfortable", "compact"
DENSITIES = ((ROOMY, _("Comfortable")), (DENSE, _("Compact")))


class ViewForm(RowForm):
    """The name of a view; who may, also says whether everybody finds it."""

    model = SavedView
    editable = ("name", "shared")

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any):
        self.may_share = may_share
        super().__init__(*args, **kwargs)

    def add_fields(self) -> None:
        length = SavedView._meta.get_field("name").max_length
        typed = forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"})
        self.fields["name"] = forms.CharField(label=_("Name"), max_length=length, widget=typed)
        if self.may_share:
            self.fields["shared"] = forms.BooleanField(
                label=_("Shared"),
                required=False,
                help_text=_("Everyone in the store finds it above their list."),
            )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def present(self) -> dict[str, Any]:
        shared = {"shared": self.row.is_shared} if self.may_share else {}
        return {"name": self.row.name, **shared}

    @property
    def shared(self) -> bool:
        """Whether everybody finds the view; who may not say so keeps it to themselves."""
        return bool(self.cleaned_data.get("shared"))

    def show_conflict(self, changed: Changed) -> None:
        present = dict(changed.present)
        if "member" in present:
            present["shared"] = present.pop("member") is None
        super().show_conflict(Changed(present))


class ColumnsForm(StoreForm):
    """Which columns of a list are shown, and how close its rows stand."""

    def __init__(self, *args: Any, table: type[Table], hidden: Any, look: Look, **kwargs: Any):
        self.table, self.hidden, self.look = table, hidden, look
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        optional = self.table.optional()
        lead = self.table.base_columns[self.table.lead()].verbose_name
        self.fields["columns"] = forms.MultipleChoiceField(
            label=_("Columns"),
            required=False,
            choices=list(optional.items()),
            initial=[name for name in optional if name not in self.hidden],
            widget=forms.CheckboxSelectMultiple,
            help_text=_("%(column)s is always shown.") % {"column": lead},
        )
        self.fields["density"] = forms.ChoiceField(
            label=_("Rows"),
            required=False,
            choices=DENSITIES,
            initial=DENSE if self.look.dense else ROOMY,
            widget=forms.RadioSelect,
        )

    @property
    def now_hidden(self) -> list[str]:
        """The columns that were not ticked."""
        ticked = self.cleaned_data["columns"]
        return [name for name in self.table.optional() if name not in ticked]

    @property
    def dense(self) -> bool:
        chosen = self.cleaned_data["density"]
        return chosen == DENSE if chosen else self.look.dense
