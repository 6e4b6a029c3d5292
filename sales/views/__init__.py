"""Pages of sales."""

from .exports import SaleExport
from .imports import ImportColumns, ImportFile, ImportProducts
from .keys import Key, KeyRevocation

__all__ = [
    "ImportColumns",
    "ImportFile",
    "ImportProducts",
    "Key",
    "KeyRevocation",
    "SaleExport",
]
