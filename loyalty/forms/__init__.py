"""Forms of loyalty."""

from .coupon import CouponForm
from .ladder import LadderForm
from .quote import QuoteForm
from .rules import RulesForm

__all__ = ["CouponForm", "LadderForm", "QuoteForm", "RulesForm"]
