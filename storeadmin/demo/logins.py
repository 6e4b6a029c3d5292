"""The people who may sign in to the demo store, by a password that everybody knows."""

from django.contrib.auth.hashers import make_password

from stores.models import Member, Role, Store, User

PASSWORD = "moonlit-demo-2026"  # noqa: S105
NAMES = {
    Role.OWNER: ("Odette", "Marlow"),
    Role.MANAGER: ("Ilya", "Brandt"),
    Role.CLERK: ("Noor", "Haddad"),
    Role.VIEWER: ("Sam", "Okafor"),
}


def taken() -> list[str]:
    """Which of the logins somebody has already."""
    users = User.objects.filter(username__in=[role.value for role in NAMES])
    return sorted(users.values_list("username", flat=True))


def create(store: Store) -> dict[str, User]:
    """A user of each role, named like it; the owner sees `/admin/` too."""
    # Hashed once, for hashing is slow on purpose.
    password = make_password(PASSWORD)
    users = {
        role.value: User.objects.create(
            username=role.value,
            first_name=first,
            last_name=last,
            email=f"{role.value}@{store.slug}.example",
            password=password,
            is_staff=role is Role.OWNER,
            is_superuser=role is Role.OWNER,
        )
        for role, (first, last) in NAMES.items()
    }
    for role in NAMES:
        Member.objects.create(store=store, user=users[role.value], role=role)
    return users
