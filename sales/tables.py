"""How lists of sales look."""

from functools import cached_property
from html import escape
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sales.models import DeliveryState, PayoutState
from stores.models import Store
from stores.tables import (
    NOTHING,
    Column,
    KeyedTable,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    Row,
)

PRICE = _("What it cost at the vendor, by credit and money together.")
MONEY = _("What was paid in money, before any refund.")
CREDIT = _("Credit and Restricted Credit together.")


class ProductColumn(Column):
    """What was sold, struck through where it is deleted; opens the row."""

    css = "name"

    def html(self, value: Any, row: Row, store: Store) -> str:
        name = escape(value) if value else self.nameless
        shown = f"<s>{name}</s>" if row["is_deleted"] else name
        css = "cut" if value else "cut quiet"
        return (
            f'<a href="{escape(row["url"])}" data-dialog title="{name}">'
            f'<span class="{css}" dir="auto">{shown}</span></a>'
        )

    @cached_property
    def nameless(self) -> str:
        return escape(gettext("No product named"))


class CustomerColumn(Column):
    """A customer, by their key in `of`; the name opens the profile."""

    css = "who"

    def __init__(self, *args: Any, of: str, **kwargs: Any):
        super().__init__(*args, **{"orderable": False, **kwargs})
        self.of = of

    def html(self, value: Any, row: Row, store: Store) -> str:
        if not row[self.of]:
            return f'<span class="cut" dir="auto">{escape(value)}</span>'
        name, url = escape(value), f"{row['people']}{row[self.of]}/"
        return (
            f'<a href="{escape(url)}" data-dialog title="{name}">'
            f'<span class="cut" dir="auto">{name}</span></a>'
        )


class RecipientColumn(CustomerColumn):
    """Who received it, where that is somebody else than the payer."""

    def html(self, value: Any, row: Row, store: Store) -> str:
        if not row["is_gift"]:
            return self.oneself
        return super().html(value, row, store)

    @cached_property
    def oneself(self) -> str:
        return f'<span class="zero">{escape(gettext("Self"))}</span>'


class WordColumn(Column):
    """A word or two, or a quiet dash."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"orderable": False, **kwargs})

    def html(self, value: Any, row: Row, store: Store) -> str:
        return f'<span class="cut" dir="auto">{escape(value)}</span>' if value else NOTHING


class StateColumn(Column):
    """How far something is, in the words of `states`."""

    def __init__(self, *args: Any, states: Any, **kwargs: Any):
        super().__init__(*args, **{"orderable": False, **kwargs})
        self.states = states

    def html(self, value: Any, row: Row, store: Store) -> str:
        if not value:
            return NOTHING
        return f'<span class="state state-{escape(value)}">{self.words[value]}</span>'

    @cached_property
    def words(self) -> dict[str, str]:
        """Each state in words, asked for once a table."""
        return {state.value: escape(str(state.label).capitalize()) for state in self.states}


class PurchaseTable(KeyedTable):
    """Purchases with who paid what for whom."""

    list_name = "sales:purchases"
    product = ProductColumn(verbose_name=_("Product"), orderable=False)
    at = MomentColumn(verbose_name=_("Date"))
    payer = CustomerColumn(verbose_name=_("Customer"), of="payer_id")
    quantity = NumberColumn(verbose_name=_("Quantity"), orderable=False)
    price = MoneyColumn(verbose_name=_("Price"), hint=PRICE, orderable=False)
    money = MoneyColumn(verbose_name=_("Money"), hint=MONEY, orderable=False)
    credit_used = MoneyColumn(verbose_name=_("Credit used"), hint=CREDIT, orderable=False)
    delivery = StateColumn(verbose_name=_("Delivery"), states=DeliveryState)
    recipient = RecipientColumn(verbose_name=_("Gift to"), of="recipient_id")
    kind = WordColumn(verbose_name=_("Kind"))
    vendor = WordColumn(verbose_name=_("Vendor"))
    receipt = WordColumn(verbose_name=_("Receipt"))


class DeliveryTable(KeyedTable):
    """Deliveries with to whom, and how far they are."""

    list_name = "sales:deliveries"
    product = ProductColumn(verbose_name=_("Product"), orderable=False)
    state = StateColumn(verbose_name=_("State"), states=DeliveryState)
    recipient = CustomerColumn(verbose_name=_("To"), of="recipient_id")
    at = MomentColumn(verbose_name=_("Queued"))
    kind = WordColumn(verbose_name=_("Kind"))
    quantity = NumberColumn(verbose_name=_("Quantity"), orderable=False)
    attempts = NumberColumn(verbose_name=_("Tries"), orderable=False)
    ended = MomentColumn(verbose_name=_("Ended"), orderable=False)
    note = WordColumn(verbose_name=_("Why"))


class PayeeColumn(Column):
    """Who is paid, customer or not; opens the row."""

    css = "name"

    def html(self, value: Any, row: Row, store: Store) -> str:
        name = escape(value)
        return (
            f'<a href="{escape(row["url"])}" data-dialog title="{name}">'
            f'<span class="cut" dir="auto">{name}</span></a>'
        )


class PayoutTable(KeyedTable):
    """Money out, with to whom and how far it is."""

    list_name = "sales:payments"
    name = PayeeColumn(verbose_name=_("To"), orderable=False)
    amount = MoneyColumn(verbose_name=_("Amount"))
    state = StateColumn(verbose_name=_("State"), states=PayoutState)
    kind = WordColumn(verbose_name=_("What for"))
    at = MomentColumn(verbose_name=_("Made"))
    vendor = WordColumn(verbose_name=_("Vendor"))
    transaction = WordColumn(verbose_name=_("Transaction"))
    ended = MomentColumn(verbose_name=_("Ended"), orderable=False)
