"""Money: every amount is a whole number of the smallest unit of the store's currency; here it is
shown and read.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

LIMIT = 10**12
MINUS = "\N{MINUS SIGN}"
_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND".split()
_TWO_DECIMALS = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP "
    "GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD "
    "LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB "
    "PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
    "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG"
).split()
_SIGNS = {"L$": "L$", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


@dataclass(frozen=True)
class Currency:
    """A currency with its number of decimal digits; `sign` stands before an amount."""

    code: str
    digits: int

    @property
    def sign(self) -> str:
        return _SIGNS.get(self.code, f"{self.code}\N{NO-BREAK SPACE}")

    @property
    def example(self) -> str:
        """An amount as a person may type it."""
        return self.plain(1250 * 10**self.digits)

    def plain(self, amount: int) -> str:
        """The amount as digits: -1250 -> '-12.50' for USD. What `parse` reads back."""
        whole, fraction = divmod(abs(amount), 10**self.digits)
        digits = f"{whole}.{fraction:0{self.digits}d}" if self.digits else str(whole)
        return f"-{digits}" if amount < 0 else digits

    def number(self, amount: int) -> Decimal:
        """The amount as a number: -1250 -> -12.50 for USD."""
        return Decimal(amount).scaleb(-self.digits)

    def format(self, amount: int) -> str:
        """The amount for people: thousands separated, the sign before it, a real minus."""
        whole, fraction = divmod(abs(amount), 10**self.digits)
        digits = f"{whole:,}.{fraction:0{self.digits}d}" if self.digits else f"{whole:,}"
        return f"{MINUS if amount < 0 else ''}{self.sign}{digits}"

    def parse(self, text: str) -> int:
        """The amount that a person typed: `1,000`, ` 1000 `, `L$1000`, `-50`; raises ValueError
        with a sentence.
        """
        plain = text.replace(MINUS, "-").replace("\N{NO-BREAK SPACE}", " ").strip()
        match = self._pattern.fullmatch(plain)
        if match is None:
            raise ValueError(_("Enter an amount such as %(example)s.") % {"example": self.example})
        whole = match["whole"].replace(",", "")
        fraction = (match["fraction"] or "").ljust(self.digits, "0")
        if len(whole) > 15:
            raise ValueError(self._too_large)
        amount = int(whole + fraction)
        if amount > LIMIT:
            raise ValueError(self._too_large)
        return -amount if match["minus"] or match["after"] else amount

    @property
    def _too_large(self) -> str:
        return _("Enter an amount of at most %(amount)s.") % {"amount": self.format(LIMIT)}

    @property
    def _pattern(self) -> re.Pattern[str]:
        sign = "|".join(re.escape(sign) for sign in (self.sign.strip(), self.code))
        fraction = (
            rf"(?:\.(?P<fraction>[0-9]{{1,{self.digits}}}))?" if self.digits else "(?P<fraction>)"
        )
        return re.compile(
            rf"(?:(?P<minus>-)?\s*(?:{sign})?|(?:{sign})\s*(?P<after>-))\s*"
            rf"(?P<whole>[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+){fraction}",
            re.ASCII | re.IGNORECASE,
        )


CURRENCIES = {
    code: Currency(code, digits)
    for digits, codes in ((0, ["L$", *_NO_DECIMALS]), (2, _TWO_DECIMALS), (3, _THREE_DECIMALS))
    for code in codes
}


def currency(code: str) -> Currency:
    """The currency of that code; KeyError where there is none."""
    return CURRENCIES[code]
