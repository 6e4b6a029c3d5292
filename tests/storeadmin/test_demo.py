"""`manage.py demo`: the store that is promised, its books, its logins; made once for the module."""

import datetime as dt
import zoneinfo
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Min, Q, Sum
from django.test import Client
from django.utils import timezone

from customers import books, figures, search
from customers.models import Balance, Ban, CreditEntry, Customer, Kind, OldName, Purchase
from customers.names import name_key, normalise
from loyalty import quotes
from loyalty.explained import Rule, Stage
from loyalty.models import Coupon, CouponUse, StoredQuote
from loyalty.standing import standing
from loyalty.tiers import Held, qualifying
from products.models import Category, Product, Vendor, VendorGroup
from sales.models import Attempt, Box, Delivery, Payout, PayoutKind, Return
from storeadmin.demo import candles, history, logins, residents, selling, writing
from storeadmin.demo.catalogue import catalogue
from storeadmin.demo.plan import Plan
from storeadmin.demo.seasons import seasons
from stores.models import Member, NameRule, Role, Store, User
from tests.doors.pages import read

ZONE = zoneinfo.ZoneInfo("America/Los_Angeles")
# The day after the clocks went forward, and a leap day.
DAYS = [dt.date(2026, 3, 9), dt.date(2028, 2, 29)]
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def _made(once) -> None:
    once(call_command, "demo", verbosity=0, skip_checks=True)


@pytest.fixture
def store(_made, db) -> Store:
    return Store.objects.get(slug="moonlit-atelier")


@pytest.fixture
def small_store(_made, db) -> Store:
    return Store.objects.get(slug=candles.SLUG)


def demo(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out, skip_checks=True)
    return out.getvalue()


# First those that want an empty database: the demo stays until the end of the module.


@pytest.mark.django_db
def test_a_login_that_somebody_has_is_left_alone():
    User.objects.create_user(username="owner", password="their own password")
    with pytest.raises(CommandError, match="the login owner"):
        demo()
    assert "no demo store was made" in demo("--if-empty")
    assert Client().login(username="owner", password="their own password")
    assert not Store.objects.exists()


@pytest.mark.django_db
def test_books_that_do_not_agree_are_loud_and_leave_nothing(monkeypatch):
    def write_half(plan: Plan, *, store: Store, users: dict[str, User]) -> None:
        Customer.objects.create(store=store, username="half", name_key="half")

    monkeypatch.setattr(writing, "write", write_half)
    with pytest.raises(AssertionError, match="do not agree"):
        demo()
    assert not Store.objects.exists()
    assert not User.objects.exists()


def test_it_holds_what_is_promised(store):
    listed = Customer.objects.filter(store=store, archived_at=None)
    assert listed.count() == store.customer_count.listed == 400
    assert Customer.objects.filter(store=store).exclude(archived_at=None).count() == 2
    counts = {
        model: model.objects.filter(store=store).count()
        for model in (Product, Category, Vendor, VendorGroup)
    }
    assert counts == {Product: 60, Category: 8, Vendor: 12, VendorGroup: 3}


def test_the_books_are_clean(store, small_store):
    assert [*books.check(store), *books.check(small_store)] == []


def test_purchases_span_three_years_that_end_yesterday(store):
    days = (
        Purchase.objects.filter(store=store)
        .order_by("counts_on")
        .values_list("counts_on", flat=True)
    )
    assert days.first() == store.today() - residents.SPAN * DAY
    assert days.last() == store.today() - DAY
    third = days.count() // 3
    assert days[third] - days[0] > days[third * 2] - days[third]


def test_what_was_bought_is_of_every_kind(store):
    sold = Purchase.objects.filter(store=store)
    kinds = {
        "gifts": ~Q(payer=F("recipient")) & Q(quantity__gt=0),
        "returns": Q(quantity__lt=0, returns__isnull=False),
        "returned in part": Q(quantity__lt=0, returns__quantity__gt=-F("quantity")),
        "removed": Q(removed_at__isnull=False),
        "free": Q(price=0),
        "without a product": Q(product=None),
        "paid with credit": Q(credit__gt=0),
        "paid with restricted credit": Q(restricted__gt=0),
        "below the list price": Q(price__lt=F("list_price")),
        "of several pieces": Q(quantity__gt=1),
        "by group members": Q(group_member=True),
    }
    assert [name for name, kind in kinds.items() if not sold.filter(kind).exists()] == []


def test_what_was_sold_keeps_the_rules(store):
    sold = Purchase.objects.filter(store=store, quantity__gt=0)
    with_credit = Q(credit__gt=0) | Q(restricted__gt=0)
    assert not sold.filter(with_credit, product__blocks_credit=True).exists()
    assert not sold.filter(price__gt=F("list_price")).exists()
    assert not sold.filter(at__lt=F("payer__created_at")).exists()
    assert not sold.filter(at__lt=F("recipient__created_at")).exists()
    back = Purchase.objects.filter(store=store, quantity__lt=0)
    assert not back.filter(at__lte=F("returns__at")).exists()
    assert not back.exclude(counts_on=F("returns__counts_on")).exists()


def test_the_latest_sales_show_the_quote_they_were_made_under(store):
    recent = Purchase.objects.filter(
        store=store,
        quantity__gt=0,
        product__isnull=False,
        counts_on__gt=store.today() - selling.KEPT_FOR,
    )
    sold = list(StoredQuote.objects.filter(store=store).select_related("purchase"))
    assert len(sold) == recent.count() > 100
    for row in sold:
        quote, purchase = row.quote, row.purchase
        for name in ("quantity", "list_price", "price", "money", "credit", "restricted"):
            assert getattr(quote, name) == getattr(purchase, name), (row, name)
        for name in ("product_id", "vendor_id", "payer_id", "recipient_id"):
            assert getattr(row, name) == getattr(purchase, name), (row, name)
        assert row.made_at < purchase.at < row.valid_until


def test_a_sale_leads_to_the_quote_it_was_made_under(store):
    client, sold = Client(), StoredQuote.objects.filter(store=store).latest("made_at")
    client.force_login(User.objects.get(username="viewer"))
    profile = read(client.get(f"/stores/{store.slug}/customers/{sold.payer_id}/purchases/"))
    url = f"/stores/{store.slug}/loyalty/purchases/{sold.purchase_id}/"
    assert url in [link["href"] for link in profile.all("a", title="How this price came about")]

    page = read(client.get(url))

    quote, shown = sold.quote, [node.text for node in page.all("dd", class_="value")]
    amounts = (quote.list_price, quote.price, quote.money, quote.refund, quote.net)
    assert shown == [store.money.format(amount) for amount in amounts]
    steps = page.one("table", class_="staircase").one("tbody").all("tr")
    assert [row.all("td")[0].text.split(" Not ")[0] for row in steps] == [
        step.label for step in quote.steps
    ]


def test_the_quotes_are_of_every_kind(store):
    steps = [step for row in StoredQuote.objects.filter(store=store) for step in row.quote.steps]
    assert {step.rule for step in steps} >= {
        Rule.PRODUCT,
        Rule.VENDOR,
        Rule.VENDOR_GROUP,
        Rule.MEMBERS,
        Rule.CREDIT,
        Rule.RESTRICTED,
        Rule.PERSONAL,
        Rule.TIER,
        Rule.COUPON,
    }
    assert any(step.cut for step in steps)
    assert any(step.lost for step in steps)


def test_the_tiers_of_the_quotes_are_those_of_what_was_spent_before(store):
    ladder = quotes.terms_of(store).ladder
    sold = StoredQuote.objects.filter(store=store).select_related("purchase", "payer")
    for row in sold.order_by("purchase")[::7]:
        bought = row.purchase
        before = Purchase.objects.filter(
            Q(at__lt=bought.at) | Q(at=bought.at, pk__lt=bought.pk, quantity__gt=0),
            payer=row.payer_id,
        )
        year = before.filter(counts_on__gt=bought.counts_on - figures.YEAR)
        spent, spent_year = (
            rows.aggregate(sum=Sum("money"))["sum"] or 0 for rows in (before, year)
        )
        tier = qualifying(ladder.rungs, Held(spent, spent_year, bought.group_member))
        refund = next(step for step in row.quote.steps if step.stage is Stage.REFUND)
        assert refund.percent == max(row.payer.discount, tier.discount if tier else 0)


def test_bloggers_have_coupons_with_what_was_sold_under_them(store):
    made = list(Coupon.objects.filter(store=store).select_related("owner").order_by("pk"))
    assert [(coupon.code, coupon.product_id is None, coupon.active) for coupon in made] == [
        ("MOONLIGHT", True, True),
        ("Firefly-Blog", False, True),
        ("ATELIER15", True, False),
    ]
    for coupon in made:
        sold = CouponUse.objects.filter(coupon=coupon).select_related("purchase__quote")
        sums = sold.aggregate(uses=Count("pk"), earned=Sum("commission"), given=Sum("share"))
        assert sums == {name: getattr(coupon, name) for name in sums}
        for use in sold:
            purchase, quote = use.purchase, use.purchase.quote
            assert (quote.coupon_id, quote.quote.coupon_share) == (coupon.pk, use.share)
            assert use.commission == purchase.price * coupon.commission // 100
            assert coupon.first <= purchase.counts_on <= (coupon.last or purchase.counts_on)
            assert coupon.product_id in (None, purchase.product_id)
            assert purchase.payer != coupon.owner
            assert coupon.owner.created_at < coupon.made_at < purchase.at
    assert min(coupon.earned for coupon in made if coupon.product_id is None) > 0
    given = CreditEntry.objects.filter(store=store, kind=Kind.COUPON)
    assert given.aggregate(sum=Sum("delta"))["sum"] == sum(coupon.given for coupon in made)
    assert not given.exclude(at=F("purchase__at")).exists()


def test_the_latest_sales_were_handed_over_but_for_a_few(store):
    rows = Delivery.objects.filter(store=store)
    states = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    sold = StoredQuote.objects.filter(store=store, purchase__isnull=False)

    assert set(states) == {"delivered", "failed", "queued"}
    assert states["delivered"] > 20 * (states["failed"] + states["queued"])
    assert set(rows.filter(kind="sale").values_list("purchase", flat=True)) == set(
        sold.values_list("purchase", flat=True)
    )
    assert all(one.product.copy for one in rows.filter(kind="again"))
    tries = Attempt.objects.filter(store=store)
    assert tries.count() == sum(2 if one.state == "delivered" else one.attempts for one in rows)
    assert not Box.objects.filter(store=store, gone_at=None).exists()


def test_money_out_of_the_latest_sales_is_of_every_kind(store):
    rows = Payout.objects.filter(store=store)
    kinds = dict(rows.order_by().values_list("kind").annotate(Count("pk")))

    assert set(kinds) == set(PayoutKind.values)
    assert set(rows.values_list("state", flat=True)) == {"due", "claimed", "paid", "failed"}
    assert not rows.filter(state="paid", uuid=None).exists()
    for payout in rows.filter(kind="refund").select_related("purchase__quote"):
        assert payout.amount == payout.purchase.quote.quote.refund
    earned = CouponUse.objects.filter(store=store).aggregate(all=Sum("commission"))["all"]
    assert rows.filter(kind="commission").aggregate(all=Sum("amount"))["all"] == earned


def test_returns_of_the_latest_sales_have_their_terms(store):
    terms = Return.objects.filter(store=store).select_related("purchase")

    assert terms.count() > 0
    for one in terms:
        assert one.given + one.refund_kept == -one.purchase.money
        owed = Payout.objects.filter(purchase=one.purchase, kind="return")
        assert sum(payout.amount for payout in owed) == one.given


def test_one_customer_is_banned_and_bought_nothing_since(store):
    (ban,) = Ban.objects.filter(store=store)
    sold = Purchase.objects.filter(Q(payer=ban.customer) | Q(recipient=ban.customer), store=store)
    assert ban.holds
    assert ban.customer.created_at < ban.at < timezone.now()
    assert sold.filter(at__lt=ban.at).exists()
    assert not sold.filter(at__gte=ban.at).exists()


def test_there_is_a_ladder_with_somebody_on_most_tiers(store):
    ladder = quotes.terms_of(store).ladder
    counts = standing(store, ladder)
    assert sum(counts.values()) == 400
    assert sum(count > 0 for count in counts.values()) > 4


def test_credit_has_a_history(store):
    entries = CreditEntry.objects.filter(store=store)
    kinds = set(entries.values_list("balance", "kind"))
    assert kinds >= {
        (balance, kind)
        for balance in Balance.values
        for kind in (Kind.OPENING, Kind.GRANT, Kind.DEDUCTION, Kind.PURCHASE)
    }
    by_hand = entries.filter(kind__in=[Kind.GRANT, Kind.DEDUCTION])
    assert not by_hand.filter(Q(by=None) | Q(reason="") | Q(note="")).exists()
    assert not entries.filter(kind=Kind.PURCHASE).exclude(at=F("purchase__at")).exists()
    times = list(
        entries.order_by("account", "balance", "seq").values_list("account", "balance", "at")
    )
    assert times == sorted(times)
    spent = entries.filter(kind__in=[Kind.PURCHASE, Kind.RETURN]).aggregate(sum=Sum("delta"))["sum"]
    paid = Purchase.objects.filter(store=store).aggregate(sum=Sum(F("credit") + F("restricted")))
    assert spent == -paid["sum"]


def test_customers_are_of_every_kind(store):
    kinds = {
        "with e-mail": ~Q(email=""),
        "with a note": ~Q(note=""),
        "with a discount": Q(discount__gt=0),
        "subscribers": Q(subscriber=True, subscriber_at__isnull=False),
        "group members": Q(group_member=True, group_confirmed_at__isnull=False),
        "without uuid": Q(uuid=None),
        "who bought nothing": Q(last_purchase_at=None, owns=0),
        "who only received gifts": Q(last_purchase_at=None, owns__gt=0),
        "with a long name": Q(username__regex=r"^.{40,}$"),
        "with a name of two parts": Q(username__contains="."),
        "renamed": Q(pk__in=OldName.objects.filter(store=store).values("customer")),
    }
    listed = Customer.objects.filter(store=store, archived_at=None)
    assert [name for name, kind in kinds.items() if not listed.filter(kind).exists()] == []


def test_an_old_name_finds_the_customer(store):
    old = OldName.objects.filter(store=store).first()
    assert old is not None
    assert Customer.objects.filter(
        pk__in=search.matching(store, old.username), pk=old.customer_id
    ).exists()


def test_nothing_is_of_the_future(store):
    last_midnight = dt.datetime.combine(store.today(), dt.time(), ZONE)
    for moments in (
        Customer.objects.filter(store=store).values_list(
            "created_at", "subscriber_at", "group_confirmed_at", "archived_at"
        ),
        CreditEntry.objects.filter(store=store).values_list("at"),
        Purchase.objects.filter(store=store).values_list("at", "removed_at"),
        OldName.objects.filter(store=store).values_list("until"),
        Delivery.objects.filter(store=store).values_list("made_at", "ended_at"),
        Payout.objects.filter(store=store).values_list("made_at", "claimed_at", "ended_at"),
    ):
        assert max(max(filter(None, row)) for row in moments) < last_midnight + DAY


def test_the_small_store_is_another_one(small_store):
    assert (small_store.currency, small_store.name_rule) == ("GBP", NameRule.PLAIN)
    assert small_store.customer_count.listed == 12
    assert [(m.user.username, m.role) for m in small_store.members.all()] == [("owner", Role.OWNER)]
    first = Purchase.objects.filter(store=small_store).aggregate(first=Min("counts_on"))["first"]
    assert first < small_store.today() - 300 * DAY


@pytest.mark.parametrize("role", Role.values)
def test_each_login_signs_in(store, role):
    assert Client().login(username=role, password=logins.PASSWORD)
    assert Member.objects.get(store=store, user__username=role).role == role


def test_only_the_owner_is_staff(store):
    staff = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True))
    assert [user.username for user in staff] == ["owner"]


def test_if_empty_changes_nothing_when_there_is_a_store(store):
    before = Store.objects.count(), Customer.objects.count(), User.objects.count()
    assert demo("--if-empty").count("\n") == 1
    assert (Store.objects.count(), Customer.objects.count(), User.objects.count()) == before


def test_a_second_time_is_refused(store):
    with pytest.raises(CommandError, match="moonlit-atelier"):
        demo()


def test_logins_are_printed_without_a_database():
    printed = demo("--logins")
    assert "http://127.0.0.1:8000/" in printed
    assert all(f"{role} " in printed for role in Role.values)
    assert printed.count(logins.PASSWORD) == 4


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_the_plan_is_the_same_every_time(today):
    first, second = (history.plan(today=today, zone=ZONE) for _ in range(2))
    assert first == second
    assert max(line.counts_on for line in first.lines) == today - DAY


def test_names_are_written_as_they_are_stored():
    names = [name.removesuffix(residents.MISTAKE) for name in residents.names()]
    olds = [old for olds in residents.names().values() for old in olds]
    assert [normalise(name, NameRule.SECOND_LIFE) for name in names + olds] == names + olds
    assert len({name_key(name) for name in names + olds}) == len(names + olds)


def test_every_event_has_its_booth():
    booths = {stall.event for stall in catalogue().stalls if stall.event}
    assert booths == {event.name for event in seasons().events}
