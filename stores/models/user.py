"""A person who signs in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Users are deactivated, never deleted once they have moved credit."""

    def __str__(self) -> str:
        return self.get_full_name() or self.username
