"""How names are written, and when two are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.names import MAX_LENGTH, BadName, name_key, normalise
from stores.models import NameRule

SECOND_LIFE, PLAIN = NameRule.SECOND_LIFE, NameRule.PLAIN


@pytest.mark.parametrize(
    ("written", "username"),
    [
        ("Jane Doe", "jane.doe"),
        ("jane.doe", "jane.doe"),
        ("Jane.Doe", "jane.doe"),
        ("JANE DOE", "jane.doe"),
        ("  Jane \t Doe\n", "jane.doe"),
        ("Jane\N{NO-BREAK SPACE}Doe", "jane.doe"),
        ("janedoe Resident", "janedoe"),
        ("janedoe resident", "janedoe"),
        ("janedoe.resident", "janedoe"),
        ("JaneDoe RESIDENT", "janedoe"),
        ("janedoe", "janedoe"),
        ("JaneDoe", "janedoe"),
        ("jane2 doe3", "jane2.doe3"),
        ("7", "7"),
        ("resident", "resident"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER J}ane Doe", "jane.doe"),
        ("a" * MAX_LENGTH, "a" * MAX_LENGTH),
    ],
)
def test_second_life_names_become_usernames(written, username):
    assert normalise(written, SECOND_LIFE) == username


@pytest.mark.parametrize(
    "written",
    [
        "jane doe smith",
        "jane.doe.smith",
        "jane doe resident",
        "jane_doe",
        "jane-doe",
        "Jane D\N{LATIN SMALL LETTER O WITH DIAERESIS}e",
        "\N{CYRILLIC SMALL LETTER A}nna",
        "★ Jane ★",
        "jane@doe",
        "=jane",
        "jane%",
        ".",
        "jane\u200bdoe",
        "\N{ARABIC-INDIC DIGIT FIVE}",
    ],
)
def test_what_is_no_second_life_name_is_refused(written):
    with pytest.raises(BadName, match="Second Life username"):
        normalise(written, SECOND_LIFE)


@pytest.mark.parametrize("rule", [SECOND_LIFE, PLAIN])
@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "Enter a name."),
        (" \t\N{NO-BREAK SPACE}\n", "Enter a name."),
        ("a" * (MAX_LENGTH + 1), "A name has at most 64 characters."),
        ("jane\x00", "A name has no control characters."),
        ("jane\x7f", "A name has no control characters."),
        ("jane\ud800", "A name has no control characters."),
    ],
)
def test_what_is_no_name_anywhere_is_refused(rule, written, sentence):
    with pytest.raises(BadName) as refusal:
        normalise(written, rule)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Jane Doe", "Jane Doe"),
        ("janedoe Resident", "janedoe Resident"),
        ("jane.doe", "jane.doe"),
        ("00042", "00042"),
        ("  Jane   Doe ", "Jane Doe"),
        ("Zoë Müller-Straße", "Zoë Müller-Straße"),
        ("=SUM(A1)", "=SUM(A1)"),
        ("田中", "田中"),
        ("\N{LATIN SMALL LIGATURE FI}n", "fin"),
        ("Zoe\N{COMBINING DIAERESIS}", "Zoë"),
    ],
)
def test_other_names_stay_as_they_are_written(written, name):
    assert normalise(written, PLAIN) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane", "jane"),
        ("STRASSE", "Straße"),
        ("ZOË", "zoë"),
        ("Zoe\N{COMBINING DIAERESIS}", "Zoë"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("\N{FULLWIDTH LATIN SMALL LETTER A}", "A"),
    ],
)
def test_names_that_differ_in_case_or_form_are_one(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("jane", "jane2"), ("zoe", "zoë"), ("0042", "42")])
def test_other_names_are_two(one, other):
    assert name_key(one) != name_key(other)


@given(st.from_regex(r"[A-Za-z0-9]{1,20}( [A-Za-z0-9]{1,20})?", fullmatch=True))
def test_a_username_is_its_own_username(written):
    username = normalise(written, SECOND_LIFE)

    assert normalise(username, SECOND_LIFE) == username
    assert normalise(written.replace(" ", "."), SECOND_LIFE) == username


@given(st.text(max_size=MAX_LENGTH + 2))
def test_any_text_is_a_name_that_can_be_stored_or_refused(text):
    for rule in NameRule.values:
        try:
            name = normalise(text, rule)
        except BadName:
            continue
        assert 0 < len(name) <= MAX_LENGTH
        assert 0 < len(name_key(name)) <= 200
        assert normalise(name, rule) == name
