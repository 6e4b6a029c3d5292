"""The door of a store: who is not a member finds nothing, who lacks the right is refused."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.gzip import gzip_page

from stores import batches
from stores.models import Member, Store, User
from stores.rights import Right

# What was asked for does not fit what is there.
CONFLICT = 409


class StoreRequest(HttpRequest):
    """A request that has passed the door."""

    user: User
    store: Store
    member: Member
    memberships: list[Member]
    batch_at_work: int | None
    htmx: Any


@method_decorator(gzip_page, name="dispatch")
class StoreView(View):
    """A view of one store. `right` opens it, `change_right` is asked for whatever is not a GET.
    `store_related` are rows of the store, one each, that are read along with it.
    """

    right = Right.SEE
    change_right: Right | None = None
    store_related: tuple[str, ...] = ()
    request: StoreRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        self._enter(kwargs.pop("slug"))
        reads = request.method in ("GET", "HEAD", "OPTIONS")
        if not self.may(self.right if reads else self.change_right or self.right):
            raise PermissionDenied
        timezone.activate(self.request.store.zone)
        return super().dispatch(request, *args, **kwargs)

    def may(self, right: Right) -> bool:
        return self.request.member.may(right)

    def render(
        self, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
    ) -> HttpResponse:
        """The page, or for htmx only its `part`."""
        name = f"{template}#{part}" if part and self.request.htmx else template
        return TemplateResponse(self.request, name, context, status=status)

    def _enter(self, slug: str) -> None:
        """Find the store among those of the user; one query serves the switcher of stores, and the
        bar of the batch at work, too.
        """
        request = self.request
        related = [f"store__{name}" for name in self.store_related]
        at_work = batches.at_work(store=OuterRef("store")).values("pk")[:1]
        found: list[Any] = list(
            request.user.memberships.select_related("store", *related)
            .annotate(batch_at_work=Subquery(at_work))
            .order_by()
        )
        request.memberships = sorted(found, key=lambda member: member.store.name.casefold())
        for member in found:
            if member.store.slug == slug:
                request.member, request.store = member, member.store
                request.batch_at_work = member.batch_at_work
                return
        raise Http404
