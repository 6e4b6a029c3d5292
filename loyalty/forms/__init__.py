"""Forms of loyalty."""

from .ladder import LadderForm
from .quote import QuoteForm
from .rules import RulesForm

__all__ = ["LadderForm", "QuoteForm", "RulesForm"]
