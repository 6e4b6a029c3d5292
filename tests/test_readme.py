"""What README.md says of rights and commands is what there is."""

from pathlib import Path

from django.core.management import get_commands

from stores import rights
from stores.models import Role

README = (Path(__file__).parent.parent / "README.md").read_text()


def test_the_table_of_rights_is_the_file_of_rights():
    roles = [role.value for role in (Role.VIEWER, Role.CLERK, Role.MANAGER, Role.OWNER)]
    lines = [
        f"| {row['what']} | {' | '.join('yes' if role in row['roles'] else '' for role in roles)} |"
        for row in rights.table()
    ]

    written = README.split("<!-- rights -->")[1].split("<!-- /rights -->")[0].strip().splitlines()

    assert [line.replace(" ", "") for line in written[2:]] == [
        line.replace(" ", "") for line in lines
    ]


def test_every_command_of_ours_is_named():
    ours = {
        name
        for name, app in get_commands().items()
        if app in ("storeadmin", "sales", "customers", "products", "stores")
    }

    named = {name for name in ours if f"`{name}" in README}

    assert named == ours
