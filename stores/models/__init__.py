"""The nouns of the ground: stores, users, members, and what was done by whom."""

from .audit import AuditEntry
from .member import Member, Role
from .store import NameRule, Store
from .user import User

__all__ = ["AuditEntry", "Member", "NameRule", "Role", "Store", "User"]
