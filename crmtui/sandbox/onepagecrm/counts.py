"""How many contacts there are of every status, lead source, tag and letter: what many answers tell beside."""

from collections import Counter
from typing import Any

from crmtui.sandbox.database import statement

from .account import TOKEN_USER
from .office import Office

Json = dict[str, Any]
_LETTERS = "1abcdefghijklmnopqrstuvwxyz"


class Counts:
    """Counts contacts for the whole account and for each user, anew when something has changed."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def statuses(self) -> list[Json]:
        """The statuses with their counts, in their order."""
        found: list[Json] = self._office.remembered("statuses", lambda: self._told("statuses", "status"))
        return found

    def lead_sources(self) -> list[Json]:
        """The lead sources with their counts, by the alphabet."""
        told = self._office.remembered("lead_sources", lambda: self._told("lead_sources", "source"))
        return sorted(told, key=lambda row: row["text"].casefold())

    def tags(self) -> list[Json]:
        """The tags with their counts, in the order in which they were made."""
        found: list[Json] = self._office.remembered("tags", self._tags)
        return found

    def starred(self) -> Json:
        """The contacts that have the caller's star."""
        found: Json = self._office.remembered("starred", self._starred)
        return found

    def letters(self) -> Json:
        """How many contacts stand under each letter: of all, and of each user."""
        found: Json = self._office.remembered("letters", self._letters)
        return found

    def streams(self) -> Json:
        """How many contacts are in the stream of all, and of each user."""
        found: Json = self._office.remembered("streams", self._streams)
        return found

    def call_results(self) -> list[Json]:
        """The results of calls, and how many calls had them."""
        found: list[Json] = self._office.remembered("call_results", self._results)
        return found

    def _told(self, kind: str, column: str) -> list[Json]:
        rows = self._rows(statement("SELECT", column, ", owner, count(*) FROM contacts GROUP BY 1, 2"))
        streamed = self._streamed(f"its_{column}")
        owned = {(value, owner): number for value, owner, number in rows}
        return [{**row, **self._of(row["id"], owned, streamed)} for row in self._office.setup(kind)]

    def _of(self, ident: str, owned: dict[tuple[str, str], int], streamed: dict[Any, int]) -> Json:
        team = {user: owned.get((ident, user), 0) for user in self._users()}
        return {
            "counts": team[TOKEN_USER],
            "total_count": sum(team.values()),
            "action_stream_count": streamed.get(ident, 0),
            "team_counts": [{"user_id": user, "counts": number} for user, number in team.items()],
        }

    def _tags(self) -> list[Json]:
        rows = self._rows(
            "SELECT tag, owner, count(*) FROM tagged JOIN contacts INDEXED BY owned"
            " ON contacts.id = contact GROUP BY 1, 2"
        )
        mine, total = Counter[str](), Counter[str]()
        for tag, owner, number in rows:
            total[tag] += number
            mine[tag] += number if owner == TOKEN_USER else 0
        streamed = self._streamed("tag", "JOIN tagged ON tagged.contact = stream.contact")
        return [
            {
                "name": row["name"],
                "counts": mine[row["id"]],
                "total_count": total[row["id"]],
                "action_stream_count": streamed.get(row["id"], 0),
            }
            for row in self._office.setup("tags")
        ]

    def _starred(self) -> Json:
        rows = self._rows("SELECT owner, count(*) FROM contacts WHERE starred = 1 GROUP BY 1")
        owned = dict(rows)
        streamed = self._streamed("its_starred")
        return {
            "name": "starred",
            "counts": owned.get(TOKEN_USER, 0),
            "total_count": sum(owned.values()),
            "action_stream_count": streamed.get(1, 0),
        }

    def _letters(self) -> Json:
        users = self._users()
        table = {user: Counter[str]() for user in ("", *users)}
        for letter, owner, number in self._rows("SELECT letter, owner, count(*) FROM contacts GROUP BY 1, 2"):
            table[""][letter] += number
            table[owner][letter] += number
        told = {
            user: {**{letter: counts[letter] for letter in _LETTERS}, "total_count": counts.total()}
            for user, counts in table.items()
        }
        return {"all": told[""], "users": [{**told[user], "user_id": user} for user in users]}

    def _streams(self) -> Json:
        counts = dict(self._rows("SELECT user, count(*) FROM stream GROUP BY 1"))
        users = [{"user_id": user, "counts": counts.get(user, 0)} for user in self._users()]
        return {"users": users, "all": counts.get("", 0)}

    def _results(self) -> list[Json]:
        rows = self._rows("SELECT result, author, count(*) FROM calls GROUP BY 1, 2")
        owned = {(result, author): number for result, author, number in rows}
        found = []
        for row in self._office.setup("call_results"):
            team = {user: owned.get((row["id"], user), 0) for user in self._users()}
            counts = {"counts": team[TOKEN_USER], "total_counts": sum(team.values())}
            told = [{"user_id": user, "counts": number} for user, number in team.items()]
            found.append({"result": row["id"], "text": row["text"], **counts, "team_counts": told})
        return found

    def _streamed(self, column: str, joined: str = "") -> dict[Any, int]:
        """How many contacts of the caller's stream there are by what they have in a column."""
        sql = statement("SELECT", column, ", count(*) FROM stream", joined, "WHERE user = ? GROUP BY 1")
        return dict(self._rows(sql, TOKEN_USER))

    def _users(self) -> list[str]:
        return [user["id"] for user in self._office.setup("users")]

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self._office.store.rows(sql, *values)
