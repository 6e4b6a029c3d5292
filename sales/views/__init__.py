"""Pages of sales."""

from .exports import SaleExport

__all__ = ["SaleExport"]
