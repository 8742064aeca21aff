"""The edition's lookup lists."""

from collections.abc import Mapping, Sequence

from crmtui.sandbox.names import LOCALES
from crmtui.sandbox.world import DEPARTMENTS, EVENTS, PRODUCTS, SECTORS, SOURCES, STAGES, TYPES

LISTS: Mapping[str, Sequence[str]] = {
    "accounttype": TYPES,
    "accountsector": SECTORS,
    "source": SOURCES,
    "sla": ("Standard", "Silver", "Gold"),
    "salutation": tuple(dict.fromkeys(word for locale in LOCALES for word in locale.salutations)),
    "department": DEPARTMENTS,
    "interests": ("Newsletter", "Events", "Webinars", "Beta programme"),
    "opportunitystatus": tuple(name for name, _, _ in STAGES),
    "forecast": ("Pipeline", "Upside", "Forecast", "Closed"),
    "repeat": ("Monthly", "Quarterly", "Annual"),
    "product": tuple(name for name, _ in PRODUCTS),
    "activitytype": tuple(dict.fromkeys(name for name, _ in EVENTS)),
    "activitystatus": ("Open", "In progress", "Completed", "Cancelled"),
    "casetype": ("Question", "Fault", "Complaint", "Change request"),
    "casestatus": ("Open", "Waiting", "Closed"),
    "caselevel": ("Low", "Normal", "High", "Critical"),
    "campaigntype": ("E-mail", "Event", "Post", "Web"),
    "campaignstatus": ("Planned", "Running", "Finished"),
    "claimstatus": ("Reported", "Under review", "Paid", "Refused"),
}
NUMBERED: Mapping[str, int] = {"sla": 125357, "caselevel": 1}
"""Lists whose items have numbers for ids, and the first of them; the others repeat the text."""
