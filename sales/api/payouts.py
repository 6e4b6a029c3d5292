"""Payouts: what a vendor with the owner's permission is to pay, and that it did."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Body, Router

from sales import payouts
from sales.api import described
from sales.api.answered import PayoutOut, PayoutsOut, PayoutStateOut
from sales.api.answers import Room
from sales.api.asked import PaidIn, PayoutReportIn
from sales.api.auth import VendorRequest, ask_pays_out
from sales.api.idempotency import Done, once
from sales.models import Payout
from sales.refused import Code, Refused

router = Router(tags=["Paying out"])
AT_ONCE = 10


@router.get(
    "payouts",
    summary="Claim payouts",
    response=described.reading(PayoutsOut, 403),
    url_name="payouts",
    operation_id="claim_payouts",
)
def claim(request: VendorRequest) -> PayoutsOut:
    """Claim what is to be paid now. What was claimed and not reported comes again, to this vendor
    alone: before it pays, it must know whether it has paid that id before.
    """
    ask_pays_out(request)
    room = Room(PayoutsOut(payouts=[]))
    claimed = map(_told, payouts.claim(vendor=request.vendor, limit=AT_ONCE))
    return PayoutsOut(payouts=[row for row in claimed if room.takes(row)])


@router.post(
    "payouts/{key:payout}",
    summary="Report a payout",
    response=described.deed(PayoutStateOut, 403, 404),
    url_name="payout",
    operation_id="report_payout",
)
def report(
    request: VendorRequest, payout: int, asked: Annotated[PayoutReportIn, Body()]
) -> HttpResponse:
    """Report that a payout was paid, under which transaction, or that it could not be."""
    ask_pays_out(request)

    def deed() -> Done:
        found = Payout.objects.filter(store=request.store, pk=payout).first()
        if found is None:
            raise Refused(Code.UNKNOWN_PAYOUT, "There is no such payout in this store.")
        if isinstance(asked, PaidIn):
            done = payouts.report_paid(
                payout=found, vendor=request.vendor, transaction_id=asked.transaction
            )
        else:
            done = payouts.report_failed(payout=found, vendor=request.vendor, why=asked.note)
        return Done(PayoutStateOut(payout=done.pk, state=done.state))

    return once(request, asked, deed)


def _told(payout: Payout) -> PayoutOut:
    return PayoutOut(
        id=payout.pk,
        kind=payout.kind,
        uuid=payout.uuid,
        name=payout.name,
        amount=payout.amount,
    )
