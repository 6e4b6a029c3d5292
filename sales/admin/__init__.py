"""The Django admin of sales: only verbs write."""

from .imported import SaleNameAdmin, SalePersonAdmin, SaleRowAdmin

__all__ = ["SaleNameAdmin", "SalePersonAdmin", "SaleRowAdmin"]
