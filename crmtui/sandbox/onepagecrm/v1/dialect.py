"""How v1 behaves where its documents leave a choice: every switch, the likelier word first."""

from dataclasses import dataclass
from typing import Self

from crmtui.sandbox.onepagecrm.account import LISTING_SIZE
from crmtui.sandbox.switches import Switches


@dataclass(frozen=True, slots=True)
class Dialect:
    """The choices, from switches named ONEPAGECRM_V1_<FIELD>."""

    format: str
    """The format that `crmtui sandbox` names; all three are always answered."""
    order: str
    """Whether the keys of hashes come as recorded, or in an order that nobody can rely on."""
    blocks: str
    """Whether tags, statuses and sales come with the answers recorded with them, with every one, with none,
    or as empty hashes."""
    data: str
    """Whether a call with nothing to tell answers `data` as an empty hash, or no `data`."""
    http: str
    """Whether refusals come with HTTP 200, or with the HTTP status of what they mean."""
    names: str
    """Whether XML has dashes for the underscores of names."""
    xml_null: str
    """Whether XML closes the tag of nothing at once, or has an empty pair of tags."""
    xml_text: str
    """Whether XML holds characters other than ASCII as they are, or as numeric references."""
    yaml_keys: str
    """Whether keys are words, or Ruby's symbols."""
    yaml_tags: str
    """Whether YAML names no classes, or does as Ruby 1.8 (Syck) or 1.9 (Psych) did."""
    notes: str
    """Whether POST and PUT of a note answer the raw model, as recorded, or what the document says."""
    deal_fields: str
    """Which form fields of a note make a deal: documented names and raw ones, or one kind of them."""
    urls: str
    """The second key of a contact's URLs."""
    pipeline: str
    """The user's `pipeline_mode`: whether deals have an expected close date, and a stage."""
    rate: int
    """Calls a second, 0 for any number."""
    burst: int
    """Calls at once after a pause."""
    throttle_at: int
    """The call of this number is refused as one too many; 0 for none."""
    login: str
    """Whether login takes GET beside POST."""
    account: str
    """Whether the account is active; 102 where it is not."""
    passwords: frozenset[str]
    """What login takes for the password, in the place of the key."""
    page_size: int
    """Contacts on a page, a setting of the user's."""
    skew: int
    """Seconds by which the time of a signature may differ."""
    clock_ahead: int
    """Seconds by which the service's clock is ahead."""
    notify: frozenset[str]
    """Restrictions in force beside those that the limits of the account make (ONEPAGECRM_CONTACT_LIMIT and
    ONEPAGECRM_DEAL_LIMIT); a word that is none of the three is just told."""

    @classmethod
    def read(cls, switches: Switches) -> Self:
        """The dialect that the switches ask for."""

        def choice(name: str, *allowed: str) -> str:
            return switches.choice(f"ONEPAGECRM_V1_{name}", allowed)

        def number(name: str, default: int) -> int:
            found = switches.number(f"ONEPAGECRM_V1_{name}")
            return default if found is None else found

        return cls(
            format=choice("FORMAT", "json", "xml", "yaml"),
            order=choice("ORDER", "recorded", "shuffled"),
            blocks=choice("BLOCKS", "usual", "every", "none", "empty"),
            data=choice("DATA", "empty", "absent"),
            http=choice("HTTP", "200", "status"),
            names=choice("NAMES", "dashes", "underscores"),
            xml_null=choice("XML_NULL", "closed", "pair"),
            xml_text=choice("XML_TEXT", "plain", "references"),
            yaml_keys=choice("YAML_KEYS", "words", "symbols"),
            yaml_tags=choice("YAML_TAGS", "none", "syck", "psych"),
            notes=choice("NOTES", "raw", "documented"),
            deal_fields=choice("DEAL_FIELDS", "both", "documented", "raw"),
            urls=choice("URLS", "address", "url", "value"),
            pipeline=choice("PIPELINE", "full", "simple", "off"),
            rate=number("RATE", 5),
            burst=number("BURST", 10),
            throttle_at=number("THROTTLE_AT", 0),
            login=choice("LOGIN", "both", "post"),
            account=choice("ACCOUNT", "active", "blocked"),
            passwords=switches.words("ONEPAGECRM_V1_PASSWORDS"),
            page_size=max(1, number("PAGE_SIZE", LISTING_SIZE)),
            skew=number("SKEW", 300),
            clock_ahead=number("CLOCK_AHEAD", 0),
            notify=switches.words("ONEPAGECRM_V1_NOTIFY"),
        )
