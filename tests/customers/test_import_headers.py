"""Which column of a customer file is which field: our own headers, the documented rules, and their traps."""

import pytest

from customers import columns
from customers.imports import headers
from customers.imports.headers import CASPERVEND, contradictions, field_of, recognise, traps

OURS = {
    "Username": "username",
    "UUID": "uuid",
    "E-mail": "email",
    "Note": "note",
    "Spent": "",
    "Spent -1Y": "",
    "Owns": "",
    "Credit": "credit",
    "Restricted Credit": "restricted",
    "Discount %": "discount",
    "News Subscriber": "subscriber",
    "Group Member": "group_member",
    "First Purchase": "",
    "Last Purchase": "",
}
# systems.md 1.4: case-insensitive 'contains', the first rule wins.
DOCUMENTED = {
    "Customer Key": "uuid",
    "Avatar Key": "uuid",
    "customer_uuid": "uuid",
    "UUID of name": "uuid",
    "Keywords": "uuid",
    "NAME": "username",
    "Customer": "username",
    "Customer Credit": "username",
    "Customer Discount": "username",
    "customername": "username",
    "Gift Card Credits": "gift_card_credits",
    "gift_card_credits": "gift_card_credits",
    "GIFT CARD CREDITS (L$)": "gift_card_credits",
    "Gift Card Credit": "credit",
    "giftcardcredits": "credit",
    "RestrictedCredit": "restricted",
    "restrictedcredits": "restricted",
    "restricted credit": "credit",
    "restricted_credit": "credit",
    "Store Credit": "credit",
    "credits": "credit",
    "Loyalty discount": "discount",
    "Discount": "discount",
    "Subscriber": "subscriber",
    "is_subscriber": "subscriber",
    "Group": "group_member",
    "in group": "group_member",
    "Subscribed": "",
    "Balance": "",
    "Owner": "",
    "Email": "",
    "e-mail": "",
    "note": "",
    "spent": "",
    "": "",
}


def read_as(*names: str) -> list[str]:
    return [column.field for column in recognise(names)]


def said(*names: str) -> list[str]:
    return traps(recognise(names))


def test_our_own_headers_are_those_of_the_export():
    constants = {value for name, value in vars(columns).items() if name.isupper()}

    assert set(headers.OURS) == constants == set(OURS)


@pytest.mark.parametrize(("header", "field"), OURS.items())
def test_our_own_headers_match_exactly_and_first(header, field):
    assert field_of(header) == field


@pytest.mark.parametrize(("header", "field"), DOCUMENTED.items())
def test_the_documented_rules_in_their_order(header, field):
    assert field_of(header) == field


def test_what_differs_from_ours_in_a_letter_is_read_by_the_rules():
    assert [field_of("Restricted Credit"), field_of("Restricted credit")] == [
        "restricted",
        "credit",
    ]


def test_casper_vend_calls_credit_balance():
    assert field_of("Balance", CASPERVEND) == field_of("BALANCE", CASPERVEND) == "credit"
    assert field_of("Balance left", CASPERVEND) == ""
    assert field_of("Avatar Key", CASPERVEND) == "uuid"


def test_columns_keep_their_place():
    assert recognise(["Owner", "Name"]) == [
        headers.Column(0, "Owner", ""),
        headers.Column(1, "Name", "username"),
    ]


# Traps


@pytest.mark.parametrize(
    "header",
    [
        "Customer Credit",
        "customer discount",
        "CustomerCredits",
        "Customer subscriber",
        "Group Name",
        "Name of gift card credits",
    ],
)
def test_a_value_that_is_read_as_the_name_is_flagged(header):
    assert read_as(header) == ["username"]
    assert said(header) == [f"“{header}” is read as the username, since it says customer or name."]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Keywords", "“Keywords” is read as the UUID, since it contains “key”."),
        ("monkeys", "“monkeys” is read as the UUID, since it contains “key”."),
        (
            "Restricted Credit",
            "“Restricted Credit” is read as Restricted Credit; other systems add it to Credit.",
        ),
        (
            "restricted_credit",
            "“restricted_credit” is read as Credit: is it Restricted Credit?",
        ),
        ("Gift Card Credit", "“Gift Card Credit” is read as Credit, not as gift card credits."),
    ],
)
def test_headers_that_mean_something_else_elsewhere_are_flagged(header, words):
    assert said(header) == [words]


@pytest.mark.parametrize(
    "header",
    [
        "Customer Key",
        "Username",
        "Customer Name",
        "Credit",
        "RestrictedCredit",
        "Gift Card Credits",
        "Discount",
        "Subscriber",
        "Group",
        "keyuuidx",
    ],
)
def test_plain_headers_are_not_flagged(header):
    assert said(header) == []


def test_unknown_headers_are_named_together_and_figures_apart():
    assert said("Username", "Balance", "Spent", "Colour", "", "Owns") == [
        "Ignored, since no field is known for them: “Balance”, “Colour”.",
        "Ignored, since purchases alone make them: “Spent”, “Owns”.",
    ]


def test_two_columns_for_one_field_are_flagged():
    assert said("Display Name", "Username", "UUID") == [
        "“Display Name” and “Username” are read as one field, Username: choose one of them."
    ]


def test_credit_and_gift_card_credits_are_no_two_columns_for_one_field():
    assert said("Username", "Credit", "Gift Card Credits") == []


# Contradictions


def test_two_columns_for_one_field_contradict_each_other():
    assert contradictions(read_as("Display Name", "Username", "Credit", "credits")) == [
        "Two columns are read as Username: choose one of them.",
        "Two columns are read as Credit: choose one of them.",
    ]


@pytest.mark.parametrize("who", ["username", "uuid"])
def test_credit_and_gift_card_credits_add_up(who):
    assert contradictions([who, "credit", "gift_card_credits", "", ""]) == []


def test_two_columns_of_gift_card_credits_do_not_add_up():
    assert contradictions(["uuid", "gift_card_credits", "gift_card_credits"]) == [
        "Two columns are read as Gift card credits, added to Credit: choose one of them."
    ]


@pytest.mark.parametrize("fields", [[], [""], ["credit", "email"]])
def test_a_file_that_names_nobody_is_refused(fields):
    assert contradictions(fields) == ["No column says who it is: choose one for Username or UUID."]
