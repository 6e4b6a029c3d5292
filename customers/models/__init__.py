"""The nouns of customers: who they are, what they bought, what credit they hold."""

from .account import BALANCES, Balance, CreditAccount, CreditEntry, Kind, Reason
from .ban import Ban
from .books import BookCheck, CreditDay, CustomerCount, PurchaseDay, YearWindow
from .bulk import CreditRow
from .customer import Customer, OldName, SearchText
from .imported import WRITTEN, CustomerLine, LineState
from .portrait import Portrait
from .purchase import Purchase

__all__ = [
    "BALANCES",
    "WRITTEN",
    "Balance",
    "Ban",
    "BookCheck",
    "CreditAccount",
    "CreditDay",
    "CreditEntry",
    "CreditRow",
    "Customer",
    "CustomerCount",
    "CustomerLine",
    "Kind",
    "LineState",
    "OldName",
    "Portrait",
    "Purchase",
    "PurchaseDay",
    "Reason",
    "SearchText",
    "YearWindow",
]
