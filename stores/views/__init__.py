"""Views that every page of a store is made of."""

from .base import CONFLICT, StoreRequest, StoreView
from .confirm import ConfirmPage
from .forms import FormPage, answer_saved
from .home import Home
from .lists import ListPage, Sort
from .rows import AddRow, EditRow, RowView

__all__ = [
    "CONFLICT",
    "AddRow",
    "ConfirmPage",
    "EditRow",
    "FormPage",
    "Home",
    "ListPage",
    "RowView",
    "Sort",
    "StoreRequest",
    "StoreView",
    "answer_saved",
]
