"""Views that every page of a store is made of."""

from .base import StoreRequest, StoreView
from .forms import FormPage, answer_saved
from .home import Home
from .lists import ListPage, Sort

__all__ = ["FormPage", "Home", "ListPage", "Sort", "StoreRequest", "StoreView", "answer_saved"]
