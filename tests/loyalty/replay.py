"""A quote reckoned anew from what it says of itself: amounts asked for, percentages, and what each balance paid."""

from loyalty.explained import Quote, Stage, Step


def replayed(quote: Quote) -> Quote:
    """The quote that its own steps come to, by arithmetic of its own."""
    sums = dict.fromkeys(Stage, 0)
    by_rule = {"restricted": 0, "credit": 0}
    owed, steps = quote.list_price, []
    price = 0
    for step in quote.steps:
        if step.stage is Stage.COUPON:
            owed_of, after = price, owed
        elif step.stage is Stage.BONUS:
            owed_of = after = owed
        else:
            owed_of, after = owed, None
        again = _again(step, owed_of, after, quote.quantity)
        steps.append(again)
        sums[step.stage] += again.amount
        if step.stage is Stage.CREDIT and step.rule.value in by_rule:
            by_rule[step.rule.value] = again.amount
        owed = again.after
        if step.stage is Stage.VENDOR:
            price = owed
    money = price - sums[Stage.CREDIT]
    return Quote(
        quantity=quote.quantity,
        list_price=quote.list_price,
        price=price,
        restricted=by_rule["restricted"],
        credit=by_rule["credit"],
        money=money,
        refund=sums[Stage.REFUND],
        net=money - sums[Stage.REFUND],
        coupon_share=sums[Stage.COUPON],
        bonus=sums[Stage.BONUS],
        refund_as_credit=quote.refund_as_credit,
        steps=tuple(steps),
    )


def _again(step: Step, base: int, after: int | None, quantity: int) -> Step:
    if step.percent is None:
        amount = step.amount
        return step._replace(base=base, exact=100 * amount, cut=0, after=base - amount)
    pieces = quantity if step.stage in (Stage.PRODUCT, Stage.VENDOR) else 1
    amount = sum(base // pieces * step.percent // 100 for _ in range(pieces))
    return step._replace(
        base=base,
        exact=base * step.percent,
        cut=base * step.percent - 100 * amount,
        amount=amount,
        after=base - amount if after is None else after,
    )
