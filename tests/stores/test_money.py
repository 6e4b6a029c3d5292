"""Amounts as people see and type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.money import CURRENCIES, LIMIT, currency

MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"
AMOUNTS = st.integers(-LIMIT, LIMIT)


@pytest.mark.parametrize(
    ("code", "amount", "shown"),
    [
        ("L$", 0, "L$0"),
        ("L$", 999, "L$999"),
        ("L$", 1000, "L$1,000"),
        ("L$", -50, f"{MINUS}L$50"),
        ("L$", LIMIT, "L$1,000,000,000,000"),
        ("USD", 0, "$0.00"),
        ("USD", 5, "$0.05"),
        ("USD", 100, "$1.00"),
        ("USD", -550, f"{MINUS}$5.50"),
        ("USD", -1, f"{MINUS}$0.01"),
        ("USD", 250031563, "$2,500,315.63"),
        ("GBP", 123456, "£1,234.56"),
        ("EUR", 123456, "€1,234.56"),
        ("JPY", 1000, "¥1,000"),
        ("KWD", 1, f"KWD{NBSP}0.001"),
        ("KWD", 1234567, f"KWD{NBSP}1,234.567"),
        ("CHF", -199, f"{MINUS}CHF{NBSP}1.99"),
    ],
)
def test_amounts_are_shown(code, amount, shown):
    assert currency(code).format(amount) == shown


@pytest.mark.parametrize(
    ("code", "amount", "digits"),
    [
        ("L$", 1250, "1250"),
        ("L$", -1250, "-1250"),
        ("USD", -1250, "-12.50"),
        ("USD", 7, "0.07"),
        ("JPY", 1250, "1250"),
        ("KWD", 1250, "1.250"),
    ],
)
def test_amounts_as_digits_for_fields_and_files(code, amount, digits):
    assert currency(code).plain(amount) == digits


@pytest.mark.parametrize(
    ("code", "typed", "amount"),
    [
        ("L$", "0", 0),
        ("L$", "-0", 0),
        ("L$", "007", 7),
        ("L$", "1,000", 1000),
        ("L$", " 1000 ", 1000),
        ("L$", f"{NBSP}1000\n", 1000),
        ("L$", "L$1000", 1000),
        ("L$", "l$ 1,000", 1000),
        ("L$", "-50", -50),
        ("L$", f"{MINUS}50", -50),
        ("L$", f"{MINUS}L$50", -50),
        ("L$", "L$-50", -50),
        ("L$", "1,000,000,000,000", LIMIT),
        ("L$", "-1000000000000", -LIMIT),
        ("USD", "5", 500),
        ("USD", "5.5", 550),
        ("USD", "$-5.50", -550),
        ("USD", "-$5.50", -550),
        ("USD", f"{MINUS}$5.50", -550),
        ("USD", "usd 5.50", 550),
        ("USD", "$1,000.05", 100005),
        ("USD", "10000000000.00", LIMIT),
        ("GBP", "£1", 100),
        ("JPY", "¥1,000", 1000),
        ("JPY", "1000", 1000),
        ("KWD", "1.5", 1500),
        ("KWD", "KWD 1,234.567", 1234567),
    ],
)
def test_amounts_are_read(code, typed, amount):
    assert currency(code).parse(typed) == amount


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("L$", ""),
        ("L$", " "),
        ("L$", "-"),
        ("L$", "L$"),
        ("L$", "1,00"),
        ("L$", "1,0000"),
        ("L$", ",000"),
        ("L$", "1,000,"),
        ("L$", "1.5"),
        ("L$", "1000.00"),
        ("L$", "1."),
        ("L$", "1e3"),
        ("L$", "0x10"),
        ("L$", "+5"),
        ("L$", "--5"),
        ("L$", "-L$-5"),
        ("L$", "1_0"),
        ("L$", "1 000"),
        ("L$", "5 %"),
        ("L$", "ten"),
        ("L$", "nan"),
        ("L$", "$5"),
        ("L$", "\N{ARABIC-INDIC DIGIT FIVE}"),
        ("L$", "1\N{ARABIC-INDIC DIGIT FIVE}"),
        ("L$", "\N{FULLWIDTH DIGIT FIVE}"),
        ("L$", "\N{SUPERSCRIPT TWO}"),
        ("L$", "1\x00"),
        ("USD", "1.505"),
        ("USD", "1,5"),
        ("USD", "1.000,50"),
        ("USD", ".5"),
        ("USD", "5."),
        ("USD", "€5"),
        ("JPY", "1.0"),
        ("KWD", "1.0005"),
    ],
)
def test_what_is_no_amount_is_refused_with_an_example(code, typed):
    money = currency(code)

    with pytest.raises(ValueError) as refusal:
        money.parse(typed)

    assert str(refusal.value) == f"Enter an amount such as {money.example}."


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("L$", str(LIMIT + 1)),
        ("L$", str(-LIMIT - 1)),
        ("L$", str(2**63)),
        ("L$", str(-(2**63) - 1)),
        ("L$", "9" * 5000),
        ("USD", "10000000000.01"),
        ("USD", "10,000,000,000.01"),
        ("KWD", "1000000000.001"),
    ],
)
def test_amounts_over_the_limit_are_refused(code, typed):
    money = currency(code)

    with pytest.raises(ValueError) as refusal:
        money.parse(typed)

    assert str(refusal.value) == f"Enter an amount of at most {money.format(LIMIT)}."


def test_examples_are_amounts_of_their_currency():
    examples = {code: currency(code).example for code in ("L$", "USD", "JPY", "KWD")}

    assert examples == {"L$": "1250", "USD": "1250.00", "JPY": "1250", "KWD": "1250.000"}


@given(code=st.sampled_from(sorted(CURRENCIES)), amount=AMOUNTS)
def test_digits_are_read_back(code, amount):
    assert currency(code).parse(currency(code).plain(amount)) == amount


@given(code=st.sampled_from(sorted(CURRENCIES)), amount=AMOUNTS)
def test_what_a_page_shows_is_read_back(code, amount):
    assert currency(code).parse(currency(code).format(amount)) == amount


@given(st.sampled_from(sorted(CURRENCIES)), st.text(max_size=12))
def test_any_text_is_an_amount_within_the_limit_or_refused(code, text):
    try:
        amount = currency(code).parse(text)
    except ValueError as refusal:
        assert str(refusal).startswith("Enter an amount ")
    else:
        assert type(amount) is int
        assert -LIMIT <= amount <= LIMIT


def test_every_currency_has_its_digits():
    assert {CURRENCIES[code].digits for code in ("L$", "JPY", "KRW", "VND")} == {0}
    assert {CURRENCIES[code].digits for code in ("USD", "EUR", "GBP", "CHF")} == {2}
    assert {CURRENCIES[code].digits for code in ("KWD", "BHD", "TND")} == {3}


def test_an_unknown_currency_has_no_rules():
    with pytest.raises(KeyError):
        currency("ZZZ")
