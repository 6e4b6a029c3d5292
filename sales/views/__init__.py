"""Pages of sales."""

from .exports import SaleExport
from .imports import ImportColumns, ImportFile, ImportProducts

__all__ = ["ImportColumns", "ImportFile", "ImportProducts", "SaleExport"]
