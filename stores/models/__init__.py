"""The nouns of the ground: stores, users, members, their views of lists, batches, and what was done
by whom.
"""

from .audit import AuditEntry
from .batch import Batch, BatchRow, Outcome, State
from .invitation import Invitation
from .member import Member, Role
from .saved_view import SavedView
from .store import NameRule, Store
from .upload import Upload
from .user import User

__all__ = [
    "AuditEntry",
    "Batch",
    "BatchRow",
    "Invitation",
    "Member",
    "NameRule",
    "Outcome",
    "Role",
    "SavedView",
    "State",
    "Store",
    "Upload",
    "User",
]
