"""The fixtures of the browser tests: does a page that misbehaves fail its test?"""

import pytest
from django.urls import reverse

PROVOCATIONS = {
    "an error on the console": "() => console.error('mind the gap')",
    "an exception": "() => setTimeout(() => { throw new Error('mind the gap') })",
    "an inline style": "() => document.body.setAttribute('style', 'color: red')",
    "an inline script": """() => {
        const script = document.createElement('script');
        script.textContent = 'window.evil = true';
        document.body.append(script);
    }""",
    "something from elsewhere": """() => {
        const image = new Image();
        image.src = 'https://elsewhere.invalid/spy.png';
    }""",
}


def test_the_first_page_has_nothing_to_complain_of(page):
    page.goto(reverse("account_login"))
    page.wait_for_load_state("networkidle")
    assert page.locator("form").count() > 0


@pytest.mark.parametrize("provocation", PROVOCATIONS.values(), ids=PROVOCATIONS.keys())
def test_a_complaint_is_noticed(page, page_errors, provocation):
    page.goto(reverse("account_login"))
    page.evaluate(provocation)
    for _ in range(100):
        if not page_errors:
            page.wait_for_timeout(50)
    assert page_errors
    # One deed may be told of twice; nothing more comes from a page that is closed.
    page.close()
    page_errors.clear()
