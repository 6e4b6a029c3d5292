"""The documents in `docs/`: what they name is there, under that name."""

import re
from pathlib import Path

import pytest
from django.utils.text import slugify

from storeadmin.help import TOPICS
from tests.test_repository import FILES, PACKAGES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
TEXTS = {path.stem: path.read_text() for path in sorted(DOCS.glob("*.md"))}
# For those who run it or work on it: README.md leads there, the help of the program does not.
FOR_OPERATORS = {"expectations", "scaling"}
# For those who write scripts or run it: what is bold there is no label.
FOR_PEOPLE = sorted(set(TEXTS) - {"vendors"} - FOR_OPERATORS)
PROGRAM = "\n".join(
    (ROOT / path).read_text()
    for path in FILES
    if (path.suffix == ".py" and path.parts[0] in PACKAGES)
    or (path.suffix == ".html" and path.parts[0] == "templates")
)


def prose(text: str) -> str:
    """A document without what stands in it as code."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)


def is_label(words: str) -> bool:
    """Whether the words stand somewhere as a whole: in quotes, or between tags."""
    spaced = re.escape(words).replace(r"\ ", r"\s+")
    return re.search(rf"(?:[\"'>}}]|^)\s*{spaced}\s*(?:[\"'<{{:]|$)", PROGRAM, re.M) is not None


def links(text: str) -> list[str]:
    return [url for url in re.findall(r"\]\(([^)\s]+)\)", prose(text)) if "://" not in url]


def anchors(text: str) -> set[str]:
    return {slugify(heading) for heading in re.findall(r"^#+ (.+)$", text, re.M)}


def test_every_document_is_a_topic_of_help():
    assert sorted({*TOPICS, *FOR_OPERATORS}) == sorted(TEXTS)


def test_documents_for_who_runs_it_are_named_in_the_readme():
    readme = (ROOT / "README.md").read_text()
    assert [name for name in FOR_OPERATORS if f"](docs/{name}.md)" not in readme] == []


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_what_is_bold_is_a_label_of_the_program(name):
    bold = {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", TEXTS[name], re.S)}

    assert sorted(words for words in bold if not is_label(words)) == []
    assert len(bold) >= 8


@pytest.mark.parametrize("words", ["Archive everybody", "ustomer", "Every"])
def test_what_is_no_label_is_found_out(words):
    assert not is_label(words)


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_leads_somewhere(name):
    lost = []
    for url in links(TEXTS[name]):
        file, _, anchor = url.partition("#")
        path = DOCS / file if file else DOCS / f"{name}.md"
        if not path.is_file() or (anchor and anchor not in anchors(path.read_text())):
            lost.append(url)

    assert lost == []


def test_every_picture_is_shown_and_small():
    shown = {url for text in TEXTS.values() for url in links(text) if url.endswith(".png")}
    there = {f"images/{path.name}": path.stat().st_size for path in (DOCS / "images").iterdir()}

    assert sorted(there) == sorted(shown)
    assert {name: size for name, size in there.items() if size > 80_000} == {}


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_every_document_reads_as_we_write(name):
    text = prose(TEXTS[name]).replace("![", "[")
    lines = TEXTS[name].splitlines()

    assert "!" not in text
    assert lines[0].startswith("# ") and not lines[1] and lines[2][0].isalpha()
    assert len(re.findall(r"^# ", text, re.M)) == 1


def test_what_the_expectations_point_at_is_there():
    pointed = re.findall(r"`([a-z]+/[^`\s]*)`", TEXTS["expectations"])

    assert [path for path in pointed if not (ROOT / path).exists()] == []
    assert len(pointed) > 30


def test_each_expectation_is_met_or_says_what_is_missing():
    rows = re.findall(r"^\| (\d+) \|.*\| (met|partly|not) \| .+ \|$", TEXTS["expectations"], re.M)

    assert [int(number) for number, _ in rows] == list(range(1, 36))
