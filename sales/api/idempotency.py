"""One question, one answer: a deed and its answer are written together under the key that the
caller gave, and the same question again gets the same answer, byte for byte.

Kept is what was done and what was refused for good; never what could not be read, was not allowed
to ask, was too much or came while the database was busy.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from pydantic import BaseModel

from customers.models import Purchase
from sales.api import answers
from sales.api.auth import VendorRequest
from sales.api.errors import BUSY_SECONDS, Problem, status_of
from sales.models import Answer
from sales.refused import Refused
from stores.whole import whole

HEADER = "Idempotency-Key"
REPLAY = "Idempotent-Replay"
KEY = r"^[A-Za-z0-9._:-]{8,80}$"
NOT_AVAILABLE = "55P03"
SWEPT_AT_ONCE = 10_000
KEPT = dt.timedelta(days=90)


class Done(NamedTuple):
    """What a deed came to: the answer's content, and the purchase that it tells of."""

    body: BaseModel
    purchase: Purchase | None = None


class Question(NamedTuple):
    """Who asks under which key; `fingerprint` tells whether it is the same question."""

    request: VendorRequest
    key: str
    fingerprint: str


def once(
    request: VendorRequest,
    asked: Any,
    deed: Callable[[], Done],
    *,
    on_refusal: Callable[[Refused], dict[str, int]] | None = None,
) -> HttpResponse:
    """Do the deed and write down its answer, in one transaction; or give the answer that was
    written before.

    A deed that is Refused leaves nothing but the refusal, and what `on_refusal` writes beside it;
    what that gives is said in the answer. Raises Problem: the key is another question's, or a twin
    of this one is under way.
    """
    question = Question(request, key_of(request, asked.key), fingerprint(request, asked))
    stored, fresh = whole(lambda: _answer(question, deed, on_refusal))
    if stored.fingerprint != question.fingerprint:
        raise Problem(409, "key_reused", "This key was used for another question: make a new one.")
    response = answers.reply(stored.body, status=stored.status)
    if not fresh:
        response.headers[REPLAY] = "true"
    return response


def key_of(request: VendorRequest, in_body: str | None) -> str:
    """The key by body or header. Raises Problem."""
    in_header = request.headers.get(HEADER)
    if in_body and in_header and in_body != in_header:
        raise Problem(400, detail="The keys of body and header differ.")
    key = in_body or in_header or ""
    if not re.fullmatch(KEY, key):
        raise Problem(400, detail="key: 8 to 80 of A-Z a-z 0-9 . _ : -, new for each question.")
    return key


def fingerprint(request: VendorRequest, asked: BaseModel) -> str:
    """What makes two questions one: address, vendor, and all that was said beside the key."""
    said = asked.model_dump(mode="json", exclude={"key"}, exclude_defaults=True)
    parts = [request.method, request.path, request.vendor.pk, said]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def sweep(*, before: dt.datetime) -> int:
    """Delete answers of before that moment that tell of no purchase; how many."""
    old = Answer.objects.filter(purchase=None, at__lt=before)
    swept = 0
    while keys := list(old.values_list("pk", flat=True)[:SWEPT_AT_ONCE]):
        swept += Answer.objects.filter(pk__in=keys).delete()[0]
    return swept


def _answer(
    question: Question,
    deed: Callable[[], Done],
    on_refusal: Callable[[Refused], dict[str, int]] | None,
) -> tuple[Answer, bool]:
    """The answer, and whether it was written just now. Durable: who is told it is done can rely on
    that.
    """
    store = question.request.store
    with transaction.atomic(durable=True):
        _hold(question)
        stored = Answer.objects.filter(store=store, key=question.key).first()
        if stored is not None:
            return stored, False
        status, body, purchase = _outcome(deed, on_refusal)
        made = Answer.objects.create(
            store=store,
            key=question.key,
            vendor=question.request.vendor,
            fingerprint=question.fingerprint,
            status=status,
            body=body,
            purchase=purchase,
        )
    return made, True


def _hold(question: Question) -> None:
    """Twins go one after the other; the unique key of answers would tell them apart in any case,
    but only once both have done the work. SQLite has one writer anyway.
    """
    if not connection.features.has_select_for_update:
        return
    name = f"{question.request.store.pk} {question.key}".encode()
    number = int.from_bytes(hashlib.sha256(name).digest()[:8], signed=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != NOT_AVAILABLE:
            raise
        text = "The same question is being answered: ask again with the same key."
        raise Problem(409, "in_flight", text, retry_after=BUSY_SECONDS) from None


def _outcome(
    deed: Callable[[], Done], on_refusal: Callable[[Refused], dict[str, int]] | None
) -> tuple[int, str, Purchase | None]:
    try:
        with transaction.atomic():
            done = deed()
    except Refused as refused:
        more = on_refusal(refused) if on_refusal else {}
        return status_of(refused), answers.error(refused.code, str(refused), **more), None
    return 200, answers.dump(done.body.model_dump(mode="json")), done.purchase
