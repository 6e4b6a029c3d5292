"""Why something was not sold, delivered or paid: a stable code for scripts, a sentence for
people.
"""

import enum


class Code(enum.StrEnum):
    """The codes of the vendor API; they never change their meaning."""

    BANNED = "banned"
    IDENTITY_CONFLICT = "identity_conflict"
    NOT_SOLD = "not_sold"
    WRONG_AMOUNT = "wrong_amount"
    QUOTE_STALE = "quote_stale"
    QUOTE_USED = "quote_used"
    QUOTE_MISMATCH = "quote_mismatch"
    NOT_ENOUGH_CREDIT = "not_enough_credit"
    CREDIT_FULL = "credit_full"
    NOT_OWNED = "not_owned"
    NOT_COPY = "not_copy"
    NOT_YOURS = "not_yours"
    ENDED = "ended"
    TRANSACTION_USED = "transaction_used"
    OVER_LIMIT = "over_limit"
    BAD_ADDRESS = "bad_address"
    UNKNOWN_PRODUCT = "unknown_product"
    UNKNOWN_COUPON = "unknown_coupon"
    UNKNOWN_QUOTE = "unknown_quote"
    UNKNOWN_CUSTOMER = "unknown_customer"
    UNKNOWN_DELIVERY = "unknown_delivery"
    UNKNOWN_PAYOUT = "unknown_payout"


class Refused(ValueError):
    """A deed that was not done; `code` is for a script, the text for a person. Nothing has changed,
    save that money which was paid already is owed back.
    """

    def __init__(self, code: Code, text: str):
        self.code = code
        super().__init__(text)
