"""What README.md says of rights, commands and settings is what there is."""

import re
from pathlib import Path

from django.core.management import get_commands

from stores import rights
from stores.models import Role

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


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


def test_every_setting_stands_in_the_table_with_its_number():
    read = re.findall(
        r'env\.\w+\(\s*"([A-Z_]+)"(?:, default=([0-9_]+)\))?',
        (ROOT / "storeadmin" / "settings.py").read_text(),
    )
    section = README.split("\n## Settings\n")[1].split("\n## ")[0]
    written = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \| [^|]+ \|$", section, re.MULTILINE))

    assert sorted(written) == sorted({name for name, _ in read})
    numbers = {name: str(int(number)) for name, number in read if number}
    assert {name: written[name] for name in numbers} == numbers
    assert len(numbers) >= 4
