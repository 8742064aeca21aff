"""The edition's users, who own records; the token is one of theirs."""

from .addons import USERS

PEOPLE = (
    ("Jane", "Smith", 1),
    ("Markus", "Weiß", 1),
    ("Hélène", "Fournier", 1),
    ("健", "山本", 1),
    ("Ann", "Okafor", 1),
    ("Łucja", "Nowak", 1),
    ("Omar", "السعيد", 1),
    ("Bob", "Former", 0),
    ("Max [/] \x1b[31m", "Mustermann\u202e", 0),
)
FIRST_USER = USERS.first_id
LIVE_USERS = 7
TOKEN_USER = FIRST_USER + 4
"""90505, the owner in the document's examples."""
