"""The users and groups of the account: they own records, are assigned to them and take part in events."""

from typing import NamedTuple

from .dialect import Dialect
from .message import succeeded
from .tree import Listed, Members


class User(NamedTuple):
    """One user of the account."""

    number: int
    name: str
    email: str
    active: bool = True
    administrator: bool = False


USERS = (
    User(299430, "John Smith", "john.smith@example.com", administrator=True),
    User(299431, "Jane Smith", "jane.smith@example.com"),
    User(299432, "Markus Weiß", "markus.weiss@example.com"),
    User(299433, "Hélène Fournier", "helene.fournier@example.com"),
    User(299434, "山本 健", "ken.yamamoto@example.com"),
    User(299435, "Ann Okafor", "ann.okafor@example.com", administrator=True),
    User(299436, "Łucja Nowak", "lucja.nowak@example.com"),
    User(299437, "Omar السعيد", "omar.alsaid@example.com"),
    User(299438, "Bob Former", "bob.former@example.com", active=False),
    User(299439, "Max [/] \x1b[31m \x9b31m Mustermann\u202e", "max@example.com", active=False),
)
"""The first is the document's, and the token's; the others are the staff of the fictional firm."""
TOKEN_USER = USERS[0]
ASSIGNABLE = tuple(user.number for user in USERS if user.active)
GROUPS = {83421: "Everyone", 83422: "Sales", 83423: "Support & Service"}
SHARED = 83421
NAMES = {user.number: user.name for user in USERS}
USER_IDS = frozenset(str(user.number) for user in USERS)
OWNER_IDS = USER_IDS | {str(group) for group in GROUPS}


def ownership(dialect: Dialect) -> Members:
    """Everybody who can own a record."""
    users = [
        Members(
            [
                ("id", user.number),
                ("name", user.name),
                ("email", user.email),
                ("preventlogin", 0 if user.active else 1),
                ("preventprivatedata", 0),
                ("administrator", int(user.administrator)),
            ]
        )
        for user in USERS
    ]
    groups = [Members([("id", number), ("name", name)]) for number, name in GROUPS.items()]
    told = [("groups", Listed("group", groups))] if dialect.groups == "told" else []
    return succeeded(("users", Listed("user", users)), *told)
