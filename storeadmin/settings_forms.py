"""The sections of the settings of a store: title, form, and the verb behind it."""

import functools
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers import calendar
from loyalty import rules
from loyalty.forms import RulesForm
from stores import edits
from stores.edits import Changed
from stores.models import User
from stores.nouns import Words
from stores.opened import OpenedForm


class StoreSettingsForm(OpenedForm):
    """Some fields of the store itself."""

    editable: tuple[str, ...] = ()

    def build(self) -> None:
        self.fill()

    def present(self) -> dict[str, Any]:
        return edits.present(self.store, self.editable)

    def about(self) -> str:
        return f"{type(self).__name__}:{self.store.pk}"


class NameForm(StoreSettingsForm):
    """What the store and its group are called."""

    editable = ("name", "group_name")
    name = forms.CharField(label=_("Name"), max_length=120)
    group_name = forms.CharField(
        label=_("Name of the group"),
        max_length=120,
        required=False,
        help_text=_("The group whose members get the vendors' rate for members."),
    )


@functools.cache
def time_zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones())]


class TimeZoneForm(StoreSettingsForm):
    """Where the days of the store begin."""

    editable = ("time_zone",)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)


def save_name(form: NameForm, by: User) -> bool:
    values = form.cleaned_data
    return bool(
        edits.edit(
            store=form.store,
            row=form.store,
            by=by,
            opened=values["opened"],
            fields={name: values[name] for name in form.editable},
            action="store.edit",
        )
    )


def save_time_zone(form: TimeZoneForm, by: User) -> bool:
    present, opened = form.present(), form.cleaned_data["opened"]
    wanted = form.cleaned_data["time_zone"]
    if wanted == opened["time_zone"]:
        return False
    if present != opened:
        raise Changed(present)
    return calendar.change_time_zone(store=form.store, time_zone=wanted, by=by)


def save_rules(form: RulesForm, by: User) -> bool:
    values = form.cleaned_data
    fields = {name: values[name] for name in rules.NAMES}
    return bool(rules.change(store=form.store, opened=values["opened"], fields=fields, by=by))


@dataclass(frozen=True)
class Section:
    """A part of the page with a form of its own; `save` says whether anything was changed, and
    raises `Changed` where somebody else was faster.
    """

    name: str
    title: Words
    words: Words
    form_class: type[OpenedForm]
    save: Callable[[Any, User], bool]


SECTIONS = [
    Section("store", _("Store"), "", NameForm, save_name),
    Section(
        "calendar",
        _("Calendar"),
        _("Each purchase counts on its day in this zone. Another zone counts Spent -1Y anew."),
        TimeZoneForm,
        save_time_zone,
    ),
    Section(
        "rules",
        _("Discounts and bonus"),
        _(
            "How loyalty tiers count, how refunds are paid, and what is added to the credit after a"
            " purchase."
        ),
        RulesForm,
        save_rules,
    ),
]
