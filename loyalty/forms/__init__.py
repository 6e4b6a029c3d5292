"""Forms of loyalty."""

from .ladder import LadderForm
from .quote import QuoteForm

__all__ = ["LadderForm", "QuoteForm"]
