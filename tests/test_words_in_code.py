"""No sentence for people stands in the code outside of gettext: two words in a row are one until told otherwise."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.test_repository import OWN_MODULES, ROOT

GETTEXT = re.compile(r"_|n?p?gettext(_lazy|_noop)?|ngettext_lazy|format_lazy")
# Mistakes of whoever writes the program, what only the keeper of the machine reads, columns of exports.
NOT_SHOWN = re.compile(
    r"(Type|Value|Lookup|Runtime)Error|csv\.Error|SuspiciousOperation|Unseen|Away|CheckMessage|Warning"
    r"|logger\.\w+|str\(error\)\.startswith|Column"
)
# Names of columns, which are a format: what is written is read again. Classes of the look.
FORMAT = re.compile(r"HEADER|MENDING|NAMES|RULES|css")
SENTENCE = re.compile(
    r"[^\W\d_]{2,}[,;:]? (\{\} ?)?[^\W\d_]{2,}|^[^\W\d_]{2,} \{\}|\{\} [^\W\d_]{2,}$"
)
# SQL, pieces of pages, headers of answers.
CODE = re.compile(
    r"\b(?:SELECT|INSERT|UPDATE|DELETE|WHERE|FROM|FOR|AND|ORDER|CASE|WHEN|LIKE|COPY|ANALYZE|PRAGMA|BEGIN|TRIGGER|GROUP"
    r"|TABLE|INDEX|CONSTRAINT|TRANSACTION|COUNT|VALUES|AS)\b|^<|</|^cut |; (?:charset|filename)=|max-age="
)
# They speak to programs, to those who write them, or to the keeper of the machine at a shell.
LEFT_OUT = re.compile(
    r"\w+/management/|\w+/\w+_sql\.|sales/(?:api|fake)/|storeadmin/(?:backups|demo|generate)/"
    r"|stores/(?:checks|naming|paging)\.|stores/(?:views/)?styleguide\."
    # Prices are reckoned and kept in English: `loyalty.quote_words` says them in the language of the reader.
    r"|loyalty/(?:pricing|tiers|coupons)\."
    # The headers of our exports.
    r"|customers/columns\."
)


def sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.iter_child_nodes(tree):
        if is_left_out(node):
            continue
        text = said(node)
        if text is None:
            yield from sentences(node)
        elif SENTENCE.search(text) and not CODE.search(text):
            yield node.lineno, text


def said(node: ast.AST) -> str | None:
    """The text that stands in a node, values being {}."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (one.value if isinstance(one, ast.Constant) else "{}" for one in node.values)
        return "".join(map(str, parts))
    return None


def is_left_out(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        return bool(GETTEXT.fullmatch(name) or NOT_SHOWN.fullmatch(name)) or name.endswith(".split")
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return bool(FORMAT.fullmatch(ast.unparse(target)))
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Compare)


def test_every_sentence_goes_through_gettext():
    found = [
        f"{path}:{line}: {text[:80]!r}"
        for path in OWN_MODULES
        if not LEFT_OUT.match(path.as_posix())
        for line, text in sentences(ast.parse((ROOT / path).read_text()))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ('raise CellError("is empty")', ["is empty"]),
        ('reason = f"{name} has another uuid"', ["{} has another uuid"]),
        ('draft(title=f"Sales from {name}")', ["Sales from {}"]),
        ('REASONS = {"gone": "is gone by now"}', ["is gone by now"]),
        ('raise CellError(_("is empty"))', []),
        ('GONE = gettext_lazy("is gone by now")', []),
        ('raise TypeError("this is a mistake")', []),
        ('"""What it is for."""', []),
        ('HEADER = ["Changed meanwhile"]', []),
        ('SQL = f"SELECT id FROM {table}"', []),
    ],
)
def test_what_a_sentence_is(code, seen):
    assert [text for _, text in sentences(ast.parse(code))] == seen
