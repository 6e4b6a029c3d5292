"""Pages about one list: its saved views and its columns. Each is told what the list shows."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores import looks, saved_views
from stores.addresses import COLUMNS, VIEW, ListAddress, at
from stores.list_forms import ColumnsForm, ViewForm
from stores.models import SavedView
from stores.rights import Right
from stores.saved_views import Refused

from .base import CONFLICT, StoreRequest, StoreView
from .confirm import ConfirmPage
from .forms import FormPage, answer_said
from .list_columns import columns_said
from .list_views import view_url
from .lists import LISTS, Action, ListPage
from .rows import SavesRow

UNREADABLE = gettext_lazy("A filter of the list cannot be read. Mend it there, or clear it.")


class OfList(StoreView):
    """A page about one list, for whoever may see that."""

    @property
    def right(self) -> Right:  # type: ignore[override]
        return self.list_class.right

    @property
    def list_class(self) -> type[ListPage]:
        try:
            return LISTS[self.kwargs["list"]]
        except KeyError:
            raise Http404 from None

    @cached_property
    def shown(self) -> ListPage:
        """The list, as the address asks for it."""
        page = self.list_class()
        page.setup(self.request, **self.kwargs)
        return page

    @property
    def path(self) -> str:
        return reverse(self.list_class.list_name, args=[self.request.store.slug])

    def cancel_url(self) -> str:
        return at(self.path, ListAddress(self.request).kept())

    def answer(self, said: str) -> HttpResponse:
        return self.lead(said, self.cancel_url())

    def lead(self, said: str, to: str) -> HttpResponse:
        """Say what was done, over the list as it stands at the address `to`."""
        return answer_said(self.request, said, to, events={"dialog:close": {"at": to}})

    def says(self) -> str:
        """What the list shows, in words."""
        said = [text for _name, text in self.shown.filters.sentences()]
        column = self.list_class.table_class.base_columns.get(self.shown.sort[0])
        by = [_("sorted by %(column)s") % {"column": column.verbose_name}] if column else []
        return "; ".join([*(said or [_("All %(things)s") % {"things": self.shown.noun}]), *by])


class Columns(OfList, FormPage):
    """Which columns are shown, and how close the rows stand.

    Where the address names the columns, as that of a view does, it names others then; else the
    choice is remembered for the person. How close the rows stand always is.
    """

    form_class = ColumnsForm

    def form_options(self) -> dict[str, Any]:
        return {
            **super().form_options(),
            "table": self.list_class.table_class,
            "hidden": self.shown.hidden,
            "look": self.shown.look,
        }

    def context(self, form: Any) -> dict[str, Any]:
        of_view = self.shown.names_columns and VIEW in self.request.GET
        text = _("These are the columns of the view. Save its changes to keep them.")
        text = text if of_view else ""
        return {**super().context(form), "title": _("Columns"), "text": text}

    def valid(self, form: ColumnsForm) -> HttpResponse:
        named, query = self.shown.names_columns, ListAddress(self.request).kept()
        if named:
            query[COLUMNS] = columns_said(self.list_class.table_class, form.now_hidden)
        looks.keep(
            member=self.request.member,
            list_name=self.list_class.list_name,
            hidden=self.shown.look.hidden if named else form.now_hidden,
            dense=form.dense,
        )
        return self.lead(_("The list looks as you chose."), at(self.path, query))


class NamesView(OfList, SavesRow):
    """A form that names a view."""

    form_class = ViewForm
    refusals = (Refused,)

    def form_options(self) -> dict[str, Any]:
        return {**super().form_options(), "may_share": self.may(saved_views.SHARE_RIGHT)}

    def refuse(self, form: Any, refused: Exception) -> None:
        form.add_error("name", str(refused))


class AddView(NamesView):
    """Keeps what the list shows under a name."""

    def context(self, form: Any) -> dict[str, Any]:
        title, text = _("Save view"), UNREADABLE if self.shown.filters.refused else self.says()
        return {**super().context(form), "title": title, "submit_label": title, "text": text}

    def write(self, form: Any) -> str:
        if self.shown.filters.refused:
            raise Refused(UNREADABLE)
        self.added = saved_views.save(
            store=self.request.store,
            list_name=self.list_class.list_name,
            name=form.cleaned_data["name"],
            query=self.shown.state,
            shared=form.shared,
            by=self.request.member,
        )
        return _("“%(view)s” was saved.") % {"view": self.added}

    def answer(self, said: str) -> HttpResponse:
        return self.lead(said, view_url(self.path, self.added))


class OfView(OfList):
    """A page about one view of the list that the member may change."""

    @cached_property
    def row(self) -> SavedView:
        rows = saved_views.visible(self.request.member, self.list_class.list_name)
        view = rows.filter(pk=self.kwargs["view"]).first()
        if view is None:
            raise Http404
        if not saved_views.may_change(view, self.request.member):
            raise PermissionDenied
        view.store = self.request.store
        return view


class EditView(OfView, NamesView):
    """The name of a view, and who finds it."""

    def form_options(self) -> dict[str, Any]:
        return {**super().form_options(), "row": self.row}

    def context(self, form: Any) -> dict[str, Any]:
        args = [self.request.store.slug, self.list_class.list_name, self.row.pk]
        deletion = at(reverse("lists:deletion", args=args), ListAddress(self.request).kept())
        further = Action(_("Delete view"), deletion)
        return {**super().context(form), "title": _("Edit view"), "further": further}

    def write(self, form: ViewForm) -> str:
        changed = saved_views.edit(
            view=self.row,
            opened=form.cleaned_data["opened"],
            name=form.cleaned_data["name"],
            shared=form.shared,
            by=self.request.member,
        )
        return (
            _("“%(view)s” was saved.") % {"view": self.row}
            if changed
            else _("Nothing was changed.")
        )


class Replacement(OfView, ConfirmPage):
    """Keeps what the list shows now under the name of a view that showed something else."""

    def confirmation(self, words: str) -> dict[str, Any]:
        return {**super().confirmation(words), "submit_label": _("Save changes")}

    def question(self) -> str:
        return _("Change what “%(view)s” shows?") % {"view": self.row}

    def words(self) -> str:
        return str(UNREADABLE) if self.shown.filters.refused else self.says()

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        view = self.row
        if self.shown.filters.refused:
            return self.ask(status=CONFLICT)
        try:
            saved_views.replace(view=view, query=self.shown.state, by=request.member)
        except Refused as refused:
            return self.ask(str(refused), status=CONFLICT)
        said = _("“%(view)s” was saved.") % {"view": view}
        return self.lead(said, view_url(self.path, self.row))


class Deletion(OfView, ConfirmPage):
    """Deletes a view; the list stays as it is shown."""

    danger = True

    def confirmation(self, words: str) -> dict[str, Any]:
        return {**super().confirmation(words), "submit_label": _("Delete view")}

    def question(self) -> str:
        return _("Delete the view “%(view)s”?") % {"view": self.row}

    def words(self) -> str:
        if self.row.is_shared:
            return _("It is gone for everyone in the store. What it lists stays.")
        return _("What it lists stays.")

    def post(self, request: StoreRequest, **kwargs: Any) -> HttpResponse:
        view = self.row
        saved_views.delete(view=view, by=request.member)
        return self.lead(_("“%(view)s” was deleted.") % {"view": view}, self.path)
