"""Finding customers: every letter means itself, and only what the store knows is found."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers import profiles, search
from customers.models import Customer, SearchText
from customers.names import name_key
from tests.factories import make_customer, make_plain_store, make_store
from tests.rolled_back import rolled_back

pytestmark = pytest.mark.django_db
UUID = uuid.UUID("6f1a1f0e-6d3b-4a52-9c41-2f1d9a7b8c10")


@pytest.fixture
def store(db):
    """A store that keeps names as they are written."""
    return make_plain_store()


def found(store, term):
    customers = Customer.objects.filter(pk__in=search.matching(store, term), store=store)
    return sorted(customers.values_list("username", flat=True))


def add(store, *names):
    for name in names:
        make_customer(store, name)


@pytest.mark.parametrize(
    "term", ["jane", "ane", "e do", "e.do", "DOE", "Jane Doe", "jane.doe", "  jane   doe "]
)
def test_any_part_of_a_second_life_name_finds_it(term):
    store = make_store()
    add(store, "Jane Doe", "joan.dow")

    assert found(store, term) == ["jane.doe"]


@pytest.mark.parametrize(
    ("term", "names"),
    [
        ("100%", ["100% wool"]),
        ("0% w", ["100% wool"]),
        ("%%%", []),
        ("a_b", ["a_bc"]),
        ("___", []),
        ("_bc", ["a_bc"]),
        ("\\wo", ["100\\wool"]),
        ("\\\\\\", []),
        ('o"br', ['o"brien']),
        ("o'br", ["o'brien"]),
        ('"""', []),
        ("***", []),
        ("100*", []),
        ("wool OR brien", []),
        ("100 AND wool", []),
        ("NOT wool", []),
        ("text:100", []),
        ("NEAR(100 wool)", []),
        ("^100", []),
        ("-100", []),
        ("{100}", []),
    ],
)
def test_every_sign_means_itself(store, term, names):
    add(store, "100% wool", "100x wool", "100\\wool", "a_bc", "axbc", 'o"brien', "o'brien")

    assert found(store, term) == names


@pytest.mark.parametrize(
    ("term", "names"),
    [
        ("j", ["jane", "joe"]),
        ("J", ["jane", "joe"]),
        ("ja", ["jane"]),
        ("an", ["ann"]),
        ("ne", []),
        ("%", ["%x"]),
        ("_", ["_x"]),
        ("%%", []),
        ('"', ['"x']),
        ("'", ["'x"]),
        ("\\", ["\\x"]),
        ("é", ["Élan"]),
        ("田", ["田中"]),
        ("\N{GRINNING FACE}", ["\N{GRINNING FACE} x"]),
        ("z", []),
        ("@", []),
        ("6f", []),
    ],
)
def test_one_or_two_letters_match_the_beginning_of_the_username(store, term, names):
    add(
        store,
        "jane",
        "joe",
        "ann",
        "%x",
        "_x",
        '"x',
        "'x",
        "\\x",
        "Élan",
        "田中",
        "\N{GRINNING FACE} x",
    )
    joe = Customer.objects.get(username="joe")
    profiles.correct(customer=joe, username="joe", uuid=UUID, by=None)
    profiles.edit(customer=joe, by=None, opened={"email": ""}, fields={"email": "zoe@example.org"})

    assert found(store, term) == names


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("Straße", "STRASSE"),
        ("STRASSE", "straß"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("Zoe\N{COMBINING DIAERESIS} B", "ZOË"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER A}bcd", "abc"),
        ("田中太郎", "中太郎"),
        ("x\N{GRINNING FACE}yz", "\N{GRINNING FACE}YZ"),
    ],
)
def test_case_and_form_of_letters_make_no_difference(store, name, term):
    add(store, name, "somebody else")

    assert [name_key(one) for one in found(store, term)] == [name_key(name)]


@pytest.mark.parametrize("term", ["", " ", "\t\n"])
def test_nothing_asked_for_finds_everybody(store, term):
    add(store, "jane", "joe")

    assert found(store, term) == ["jane", "joe"]


def test_old_names_still_find_a_customer():
    store = make_store()
    jane = make_customer(store, "Jane Doe")

    profiles.correct(customer=jane, username="Mary Major", by=None)
    profiles.correct(customer=jane, username="Mary Minor", by=None)

    for term in ("jane.doe", "jane doe", "mary major", "mary minor", "inor"):
        assert found(store, term) == ["mary.minor"]
    assert found(store, "ja") == []
    assert found(store, "ma") == ["mary.minor"]


@pytest.mark.parametrize("term", [str(UUID), str(UUID).upper(), "6f1a1f0e", "4A52-9c41", "b8c10"])
def test_a_uuid_and_its_parts_find_a_customer(store, term):
    make_customer(store, "jane", uuid=UUID)
    make_customer(store, "joe", uuid=uuid.UUID(int=1))

    assert found(store, term) == ["jane"]


def test_an_e_mail_finds_a_customer_until_it_changes(store):
    jane = make_customer(store, "jane", email="Doe@Example.org")
    assert found(store, "doe@example") == found(store, "EXAMPLE.ORG") == ["jane"]

    profiles.edit(
        customer=jane,
        by=None,
        opened={"email": "Doe@Example.org"},
        fields={"email": "roe@example.com"},
    )

    assert (found(store, "doe@"), found(store, ".com")) == ([], ["jane"])


def test_a_uuid_filled_in_later_finds_a_customer(store):
    jane = make_customer(store, "jane")

    profiles.correct(customer=jane, username="jane", uuid=UUID, by=None)

    assert found(store, "6f1a1f0e") == ["jane"]


def test_other_stores_are_not_searched(store):
    elsewhere = make_customer(make_plain_store(), "jane", uuid=UUID)
    add(store, "joe")

    for term in ("jane", "ja", "6f1a1f0e"):
        customers = Customer.objects.filter(pk__in=search.matching(store, term))
        assert elsewhere not in customers


def test_what_ends_one_line_and_begins_the_next_is_not_found(store):
    make_customer(store, "jane", email="doe@example.org")

    assert SearchText.objects.get().text == "jane\ndoe@example.org"
    for term in ("jane\ndoe", "nedoe", "ane doe"):
        assert found(store, term) == []


def test_a_change_past_the_verbs_is_found_too(store):
    jane = make_customer(store, "jane")

    SearchText.objects.filter(customer=jane).update(text="somebody")
    assert (found(store, "some"), found(store, "jane")) == (["jane"], [])

    SearchText.objects.filter(customer=jane).delete()
    assert found(store, "some") == []


LETTERS = st.text("abAB01 ._%-'\"\\*éßΣσ田", min_size=1, max_size=8)


@given(names=st.lists(LETTERS, min_size=1, max_size=6), term=LETTERS)
def test_exactly_those_that_hold_the_term_are_found(store, names, term):
    with rolled_back():
        keys = set()
        for name in names:
            if name.split() and name_key(" ".join(name.split())) not in keys:
                keys.add(make_customer(store, name).name_key)
        asked = name_key(" ".join(term.split()))

        got = {name_key(name) for name in found(store, term)}

        if len(asked) < 3:
            assert got == {key for key in keys if key.startswith(asked)}
        else:
            assert got == {key for key in keys if asked in key}
