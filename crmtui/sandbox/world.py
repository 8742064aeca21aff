"""The fictional world: companies, people, deals and events, each computed from its index alone."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from .names import BRITAIN, LOCALES, Locale, Word

TYPES = ("Customer", "Prospect", "Supplier", "Partner", "Competitor", "Former customer")
SECTORS = (
    "Design",
    "Retail",
    "Manufacturing",
    "Finance",
    "Health",
    "Education",
    "Logistics",
    "Energy",
    "Media",
)
SOURCES = ("Web enquiry", "Referral", "Trade show", "Cold call", "Newsletter", "Partner")
JOBS = (
    "CEO",
    "Head of Sales",
    "Buyer",
    "Office Manager",
    "CTO",
    "Finance Director",
    "Marketing Manager",
    "Engineer",
)
DEPARTMENTS = (
    "Management",
    "Sales",
    "Purchasing",
    "Administration",
    "IT",
    "Finance",
    "Marketing",
    "Production",
)
STAGES = (
    ("Prospecting", 10, "Pipeline"),
    ("Qualified", 25, "Pipeline"),
    ("Proposal", 50, "Upside"),
    ("Negotiation", 75, "Forecast"),
    ("Won", 100, "Closed"),
    ("Lost", 0, "Closed"),
)
PRODUCTS = (
    ("User Subscription", 420),
    ("Onboarding Day", 950),
    ("Support Contract", 1200),
    ("Data Migration", 2750),
    ("Extra Storage", 84),
)
DEALS = (
    "Annual licence",
    "Website relaunch",
    "Fleet renewal",
    "Office fit-out",
    "Support contract",
    "Pilot project",
    "Warehouse scanner roll-out",
    "Training package",
    "Framework agreement",
    "Printing of the spring catalogue",
)
NEXT_STEPS = (
    "Send proposal",
    "Call back on Monday",
    "Arrange demo",
    "Check budget",
    "Get signature",
    "Meet the board",
)
EVENTS = (
    ("Call", "Rang about the quote; wants a discount for three years"),
    ("Email", "Sent the signed offer and the data sheet"),
    ("Meeting", "Demo at their office, three attendees"),
    ("Task", "Prepare figures for the renewal"),
    ("Call", "Left a message on the answering machine"),
    ("Meeting", "Quarterly review: happy, asks for training"),
    ("Email", "Asked for the delivery date"),
    ("Task", "Chase the purchase order"),
    ("Letter", "Contract posted, two copies"),
)
_FEATURED: tuple[Word, ...] = (
    ("Acme Ltd", "acme"),
    ("Acorn & Söhne", "acorn"),
    ("株式会社アクメ", "acme-jp"),
)
"""The first companies, in the countries that come first."""


class Company(NamedTuple):
    """A company with its place and ways to reach it."""

    locale: Locale
    name: str
    domain: str
    street: str
    city: str
    region: str
    postcode: str
    phone: str


class Person(NamedTuple):
    """A person who works for a company."""

    salutation: str
    given: str
    family: str
    email: str
    phone: str
    mobile: str


@dataclass(frozen=True, slots=True)
class _Stock:
    """A country's companies and streets, put together once: a hundred thousand rows are made of them."""

    names: tuple[Word, ...]
    streets: tuple[str, ...]
    phone: str


def _stock(locale: Locale) -> _Stock:
    names = []
    for series in range(len(locale.trades) * len(locale.forms)):
        for place, (stem, slug) in enumerate(locale.stems):
            trade = locale.trades[(series + place) % len(locale.trades)]
            form = locale.forms[(series // len(locale.trades) + place) % len(locale.forms)]
            name = locale.company.format(stem=stem, trade=trade, form=form)
            names.append((name, f"{slug}{series + 1}" if series else slug))
    streets = tuple(
        locale.street.format(street=street, n=number)
        for number in range(1, 80, 3)
        for street in locale.streets
    )
    return _Stock(tuple(names), streets, locale.phone.format(0)[:-3])


@cache
def _turns() -> tuple[tuple[Locale, _Stock, int, int], ...]:
    """Per place in the round of countries: how often its country came before, and comes in all."""
    stocks = {locale: _stock(locale) for locale in set(LOCALES)}
    return tuple(
        (locale, stocks[locale], LOCALES[:place].count(locale), LOCALES.count(locale))
        for place, locale in enumerate(LOCALES)
    )


def company(index: int) -> Company:
    """The company of an index; when a country's names are used up they come again with a number."""
    turn, place = divmod(index, len(LOCALES))
    locale, stock, before, count = _turns()[place]
    number = turn * count + before
    if index < len(_FEATURED):
        name, slug = _FEATURED[index]
    else:
        edition, at = divmod(number, len(stock.names))
        name, slug = stock.names[at]
        if edition:
            name, slug = f"{name} {edition + 1}", f"{slug}-{edition + 1}"
    city = locale.cities[(number * 5 + place) % len(locale.cities)]
    code = index * 7 % 90
    postcode = f"{city.postcode}{code % 10}AB" if locale is BRITAIN else f"{city.postcode}{code + 10}"
    return Company(
        locale,
        name,
        f"{slug}.example",
        stock.streets[number * 7 % len(stock.streets)],
        city.name,
        city.region,
        postcode,
        f"{stock.phone}{index % 1000:03d}",
    )


def person(index: int, employer: Company) -> Person:
    """The person of an index, with a name of the employer's country and an address there."""
    locale = employer.locale
    # Women's and men's names take turns, so the place tells the form of address.
    place = index * 5 % len(locale.given)
    given, given_slug = locale.given[place]
    family, family_slug = locale.family[(index * 3 + index // len(locale.family)) % len(locale.family)]
    mobile = f"{employer.phone.split(' ', 1)[0]} 7700 900{index * 13 % 1000:03d}"
    email = f"{given_slug}.{family_slug}@{employer.domain}"
    return Person(locale.salutations[place % 2], given, family, email, employer.phone, mobile)
