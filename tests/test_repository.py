"""Rules about the files of the repository themselves."""

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEVER_TRACKED = re.compile(
    r"(^|/)(node_modules|\.venv|__pycache__|var)/|(^|/)\.env$|\.sqlite3(-wal|-shm)?$"
)
MOST_LINES = 300


def tracked() -> list[Path]:
    """Every file that git follows or would add: what a clone gets."""
    listed = subprocess.run(
        [
            "git",
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [Path(name) for name in listed.stdout.split("\0") if name]
    return [path for path in paths if (ROOT / path).is_file()]


FILES = tracked()
PACKAGES = sorted(path.parent.name for path in FILES if path.match("*/apps.py"))
MODULES = [path for path in FILES if path.suffix == ".py" and path.parts[0] in PACKAGES]
OWN_MODULES = [path for path in MODULES if "migrations" not in path.parts]


def test_nothing_installed_or_made_is_tracked():
    assert [str(path) for path in FILES if NEVER_TRACKED.search(path.as_posix())] == []


def test_lock_files_name_no_download_address():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    for path in ROOT.glob("requirements*.txt"):
        assert "://" not in path.read_text(), path.name
        assert not re.search(
            r"^(-i|-f|--(extra-)?index-url|--find-links)\b", path.read_text(), re.M
        )


def test_every_requirement_is_locked_by_hash():
    for path in ROOT.glob("requirements*.txt"):
        logical_lines = path.read_text().replace("\\\n", " ").splitlines()
        pinned = [line for line in logical_lines if line and not line.lstrip().startswith("#")]
        assert pinned
        assert [line for line in pinned if "==" not in line or "--hash=sha256:" not in line] == []


def test_what_production_installs_is_what_was_tested():
    production, development = (
        set(re.findall(r"^[\w.-]+==\S+", (ROOT / name).read_text(), re.M))
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    # `psycopg[binary]` and the like are written without their extras in a lock file.
    assert production <= development


def test_every_module_opens_with_a_docstring():
    trees = {path: ast.parse((ROOT / path).read_text()) for path in OWN_MODULES}
    silent = [
        str(path) for path, tree in trees.items() if tree.body and not ast.get_docstring(tree)
    ]
    assert silent == [], "say what they are for"


def test_every_module_is_short():
    lengths = {str(path): len((ROOT / path).read_text().splitlines()) for path in OWN_MODULES}
    assert {path: n for path, n in lengths.items() if n > MOST_LINES} == {}, "split them by noun"


def test_no_module_reaches_around_the_floors():
    by_name = re.compile(r"import_module|apps\.get_model")
    found = [str(path) for path in OWN_MODULES if by_name.search((ROOT / path).read_text())]
    assert found == [], "they import by name, which the layers cannot see"


def test_every_folder_of_a_package_is_seen_by_the_layers():
    """`lint-imports` passes over a folder without `__init__.py`, and over all that is in it."""
    folders = {path.parent for path in MODULES}
    assert [str(folder) for folder in folders if folder / "__init__.py" not in MODULES] == []


def test_every_package_stands_on_a_floor():
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    floors = {name.strip("()") for name in linter["contracts"][0]["layers"]}
    assert set(PACKAGES) == set(linter["root_packages"])
    assert set(PACKAGES) <= floors
