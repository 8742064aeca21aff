"""The smaller objects of the edition: lines, histories, cases, campaigns, documents, claims and users."""

from collections.abc import Iterable, Iterator

from crmtui.sandbox.clock import Clock
from crmtui.sandbox.hostile import hostile_text
from crmtui.sandbox.text import storable
from crmtui.sandbox.world import PRODUCTS, STAGES

from .addons import CAMPAIGN_DETAILS, CAMPAIGN_STAGES, CAMPAIGNS, CASES, CLAIMS, DOCUMENTS, USERS
from .dictionary import ACCOUNTS, CONTACTS, HISTORIES, LINES, OPPORTUNITIES
from .envelope import Value
from .field import Kind
from .staff import FIRST_USER, LIVE_USERS, PEOPLE

Rows = Iterator[tuple[Value, ...]]

CASE_IDS = tuple(range(CASES.first_id, CASES.first_id + 40))
_CAMPAIGN_NAMES = ("Spring newsletter", "Trade fair Hannover", "Webinar: GDPR in practice", "Win-back 2024",
                   "Été à Paris", "新年キャンペーン", "Referral drive", "Black Friday", "Product launch",
                   "Customer survey", "Κάλεσμα συνεργατών", "Harvest")  # fmt: skip
_STAGE_NAMES = ("Invited", "Opened", "Replied")
_SUBJECTS = (
    "Cannot sign in",
    "Invoice shows the wrong address",
    "Export stops half-way",
    "Please add a user",
    "Printer offline since Monday",
    "Umlauts broken in letters (Größe)",
    "When is the next training?",
)
_FILES = ("Offer.pdf", "Contract (signed).pdf", "見積書.xlsx", "Größentabelle.ods", "Minutes.docx")
HOSTILE_FILES = (
    "../../etc/passwd",
    "C:\\Windows\\system32\\drivers\\etc\\hosts",
    "Offer \x1b]52;c;eA==\x07\r\nSet-Cookie: x.pdf",
    f"{'A very long name ' * 14}end.pdf",
    "CON",
    ".bashrc",
    "Invoice \u202efdp.exe",
    "",
)
"""Names under which no file may be saved as they are; they are those of the oldest documents."""
_RELATED_OPPORTUNITIES = 1000
"""Only the first opportunities have lines and a history."""


def all_rows(size: int, clock: Clock) -> Iterable[tuple[Kind, Iterable[tuple[Value, ...]]]]:
    """The smaller objects with their rows, for a world of a size."""
    deals = min(size, _RELATED_OPPORTUNITIES)
    yield LINES, _lines(deals)
    yield HISTORIES, _histories(deals, clock)
    yield CASES, _cases(min(size, len(CASE_IDS)), size, clock)
    yield CAMPAIGNS, _campaigns(clock)
    yield CAMPAIGN_STAGES, _stages()
    yield CAMPAIGN_DETAILS, _details(min(size, 60), clock)
    yield DOCUMENTS, _documents(min(size, 50), clock)
    yield CLAIMS, _claims(min(size, 30), clock)
    yield USERS, _users()


def _stamps(index: int, clock: Clock) -> tuple[int, int, str, str]:
    return (
        _owner(index),
        _owner(index + 2),
        clock.moment(-60 - index, index * 11),
        clock.moment(-2 - index, index * 7),
    )


def _owner(index: int) -> int:
    return FIRST_USER + index % LIVE_USERS


def _or_hostile(text: str, index: int, size: int) -> str:
    hostile = hostile_text(index, size)
    return text if hostile is None else storable(hostile)


def _lines(deals: int) -> Rows:
    for index in range(deals * 2):
        # Every third opportunity has none, the others three.
        deal = index // 2 if index // 2 % 3 else index // 2 + 1
        if deal >= deals:
            continue
        product, price = PRODUCTS[index * 3 % 5]
        text = _or_hostile(product, index, deals * 2)
        yield (
            LINES.first_id + index,
            OPPORTUNITIES.first_id + deal,
            text,
            1 + index * 7 % 30,
            price,
            90505,
            90501,
        )


def _histories(deals: int, clock: Clock) -> Rows:
    for index in range(deals * 2):
        deal, step = divmod(index, 2)
        stage, probability, forecast = STAGES[step]
        status = _or_hostile(stage, index, deals * 2)
        value = (deal * 7919 % 480 + 4) * 250
        changed = clock.moment(-90 + 30 * step - deal, deal * 13)
        yield (
            HISTORIES.first_id + index, OPPORTUNITIES.first_id + deal, status, forecast, probability, value,
            clock.day(deal * 11 % 330 - 20), _owner(index), changed,
        )  # fmt: skip


def _cases(count: int, size: int, clock: Clock) -> Rows:
    for index in range(count):
        account = index * 3 % size
        yield (
            CASE_IDS[index], _or_hostile(_SUBJECTS[index % 7], index, count),
            ("Question", "Fault", "Complaint", "Change request")[index % 4],
            ("Open", "Waiting", "Closed")[index % 3], ACCOUNTS.first_id + account, None, _owner(index),
            1 + index % 4, "" if index % 3 else None, clock.moment(-60 - index, index * 11),
            *_stamps(index, clock),
        )  # fmt: skip


def _campaigns(clock: Clock) -> Rows:
    names = (*_CAMPAIGN_NAMES, "Hostile [/] \x1b]52;c;eA==\x07 campaign")
    for index, name in enumerate(names):
        yield (
            CAMPAIGNS.first_id + index, name, ("E-mail", "Event", "Post", "Web")[index % 4],
            ("Running", "Planned", "Finished")[index % 3], index % 2, 1 if index % 4 == 0 else 0, index * 37,
            index * 3, index * 12_500, _owner(index), *_stamps(index, clock),
        )  # fmt: skip


def _stages() -> Rows:
    for index in range(len(_CAMPAIGN_NAMES) * len(_STAGE_NAMES)):
        campaign, stage = divmod(index, len(_STAGE_NAMES))
        name = _STAGE_NAMES[stage] if index else "Invited [/] \x9b31m"
        yield CAMPAIGN_STAGES.first_id + index, CAMPAIGNS.first_id + campaign, name, stage + 1


def _details(count: int, clock: Clock) -> Rows:
    for index in range(count):
        campaign = index % len(_CAMPAIGN_NAMES)
        stage = CAMPAIGN_STAGES.first_id + campaign * len(_STAGE_NAMES) + index % 3
        contact = CONTACTS.first_id + index
        changed = clock.moment(-3 - index, index * 17)
        status = _or_hostile("Active", index, count)
        yield (
            CAMPAIGN_DETAILS.first_id + index, CAMPAIGNS.first_id + campaign, None, contact, stage, status,
            clock.moment(-70 - index, index), changed,
        )  # fmt: skip


def _documents(count: int, clock: Clock) -> Rows:
    parents = ((ACCOUNTS, "Account"), (OPPORTUNITIES, "Opportunity"), (CONTACTS, "Contact"))
    for index in range(count):
        parent, word = parents[index % 3]
        # The first screen stays presentable.
        place = count - 1 - index
        hostile = place < len(HOSTILE_FILES) and count > 2 * len(HOSTILE_FILES)
        name = HOSTILE_FILES[place] if hostile else _FILES[index % 5]
        changed = clock.moment(-5 - index, index * 19)
        yield (
            DOCUMENTS.first_id + index,
            name,
            None,
            12 + index * 31 % 900,
            changed,
            parent.first_id + index,
            word,
        )


def _claims(count: int, clock: Clock) -> Rows:
    for index in range(count):
        name = _or_hostile(f"CL-{2400 + index}", index, count)
        yield (
            CLAIMS.first_id + index, name, ACCOUNTS.first_id + index,
            ("Reported", "Under review", "Paid", "Refused")[index % 4], index * 731.25,
            clock.day(-40 - index * 3),
            "1" if index % 4 == 2 else "0", clock.moment(-10 - index, 630), "" if index % 2 else None,
            *_stamps(index, clock),
        )  # fmt: skip


def _users() -> Rows:
    for index, (first, last, live) in enumerate(PEOPLE):
        yield FIRST_USER + index, first, last, f"user{index + 1}@example.com", live
