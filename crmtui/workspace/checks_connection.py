"""Checks of one connection: its files, its token, the way to its service, and what the service answers."""

import email.utils
import time
from functools import partial
from pathlib import Path

from crmtui.crm import probe
from crmtui.crm.http import is_loopback
from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    ConfigError,
    CrmError,
    Forbidden,
    NotFound,
    QuotaSpent,
    Unavailable,
    UsageError,
)
from crmtui.model.schema import Field, FieldType, Schema
from crmtui.paths import connection_dir
from crmtui.secrets import expires_at
from crmtui.store.health import fault
from crmtui.workspace.alerts import usage, used_percent
from crmtui.workspace.finding import Check
from crmtui.workspace.recording import save
from crmtui.workspace.token_end import day, naming_end, warning
from crmtui.workspace.visit import Visit

_CLOCK = 180.0
"""Seconds by which two clocks may differ."""
_MOST_WORDS = 8


class ConnectionChecks:
    """The checks of one connection, and what they say."""

    def __init__(self, visit: Visit, record: Path | None) -> None:
        """`record`: the folder that the exchanges are saved in."""
        self._visit = visit
        self._name = visit.connection.name
        self._record = record
        self._is_accepted = False

    def all(self) -> list[Check]:
        """In the order in which one stands on the other."""
        files, token, host = (f"{self._name}: {what}" for what in ("files", "token", "host"))
        certificate, accepted = f"{self._name}: certificate", f"{self._name}: token accepted"
        kinds = [*self._visit.adapter.main_kinds, *self._visit.connection.kinds]
        checks = [
            Check(files, self.files),
            Check(token, self.token),
            Check(f"{self._name}: token expiry", self.expiry, (token,)),
            Check(host, self.host),
            Check(certificate, self.certificate, (host,)),
            Check(f"{self._name}: clock", self.clock, (files, token, certificate)),
            Check(accepted, self.accepted, (files, token, certificate)),
            *(Check(f"{self._name}: fields of {k}", partial(self.fields, k), (accepted,)) for k in kinds),
            Check(f"{self._name}: lookup", self.lookup, (accepted,)),
            Check(f"{self._name}: quota", self.quota, (files, token)),
        ]
        if self._record is not None:
            checks.append(Check(f"{self._name}: recording", self.recording))
        return checks

    async def files(self) -> str:
        """The mirror is a copy, the journal is the person's own."""
        folder = connection_dir(self._name)
        mirror, journal = folder / "mirror.db", folder / "journal.db"
        if journal.exists() and (problem := fault(journal)):
            raise ConfigError(
                f"{journal} is damaged ({problem}); move it away to go on without its drafts and its log,"
                " or put a backup in its place."
            )
        if mirror.exists() and (problem := fault(mirror)):
            raise ConfigError(f"{mirror} is damaged ({problem}); remove it, it is a copy and is read anew.")
        there = [path.name for path in (mirror, journal) if path.exists()]
        return f"Sound: {', '.join(there)} in {folder}." if there else f"{self._name} has no files yet."

    async def token(self) -> str:
        """Where it was found, and never what it is."""
        return f"The token was found: {self._visit.token.source}."

    async def expiry(self) -> str:
        """JSON web tokens tell their end."""
        ends = expires_at(self._visit.token.value)
        if soon := warning(self._name, ends, self._visit.adapter.token_help):
            raise AuthFailed(soon)
        return "The token does not tell when it ends." if ends is None else f"The token ends on {day(ends)}."

    async def host(self) -> str:
        """DNS, then TCP."""
        place = probe.place_of(self._visit.connection.url)
        addresses = await probe.resolve(place)
        ms = await probe.connect(place)
        through = "the proxy " if place.is_proxy else ""
        return f"{through}{place} ({addresses[0]}) takes connections, within {ms:.0f} ms."

    async def certificate(self) -> str:
        """TLS, as far as it can be seen from here."""
        url = self._visit.connection.url
        place = probe.place_of(url)
        if url.startswith("http://") and is_loopback(url):
            return "No certificate is needed: plain http stays on this machine."
        if place.is_proxy:
            return "The certificate is looked at when a call goes through the proxy."
        ends = await probe.certificate_ends(place)
        if ends is None:
            return f"The certificate of {place.host} is trusted."
        days = int((ends - time.time()) // 86_400)
        return f"The certificate of {place.host} is trusted; it ends on {day(ends)}, in {days} days."

    async def clock(self) -> str:
        """The Date header of the first answer, whatever else that says."""
        first = await self._visit.ask(self._visit.adapter.check())
        try:
            theirs = email.utils.parsedate_to_datetime(first.answer.headers.get("date", "")).timestamp()
        except (ValueError, TypeError, OverflowError):
            return "The service does not tell its time."
        ahead = first.at - theirs
        if abs(ahead) > _CLOCK:
            raise UsageError(
                f"The clock of this machine is {_span(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'}"
                " the service's; set it (timedatectl set-ntp true), or ages and certificates are wrong."
            )
        return "The clock of this machine agrees with the service's."

    async def accepted(self) -> str:
        """The cheapest call that only a good token answers."""
        token = self._visit.token
        with naming_end(self._name, expires_at(token.value), token.source):
            await self._visit.read(self._visit.adapter.check())
        self._is_accepted = True
        return f"{self._visit.adapter.label} takes the token."

    async def fields(self, kind: str) -> str:
        """One call of the data dictionary; what the plan leaves out is no fault."""
        call = self._visit.adapter.schema(kind)
        if call is None:
            return f"{len(self._visit.adapter.built_in(kind).fields)} fields are built in."
        try:
            schema: Schema = await self._visit.read(call)
        except (Forbidden, NotFound) as error:
            return f"{kind} are closed to this token, or not part of the plan. {error.message}"
        if not schema.told:
            raise BadAnswer(
                f"The dictionary of {kind} could be read, but names no field; crmtui doctor {self._name}"
                " --record DIR saves it, without personal data, for the developers."
            )
        return f"{schema.told} fields are understood; {_strange(schema.strange)}"

    async def lookup(self) -> str:
        """One call of a lookup list, of the first field that has one."""
        found = self._listed()
        if found is None:
            return "No kind has a field with a list that the service must be asked for."
        kind, field = found
        call = self._visit.adapter.choices(kind, field)
        if call is None:
            return f"The list of {kind}.{field.name} is known without asking."
        try:
            choices = await self._visit.read(call)
        except (Forbidden, NotFound) as error:
            return f"The list of {kind}.{field.name} cannot be had, so it is typed freely. {error.message}"
        if not choices:
            raise BadAnswer(
                f"The list of {kind}.{field.name} could be read, but holds no value; if it is not empty in"
                f" the service, crmtui doctor {self._name} --record DIR saves it for the developers."
            )
        return f"{len(choices)} values of {kind}.{field.name} are understood."

    async def quota(self) -> str:
        """What is known of it now, without a call."""
        quota = self._visit.account.quota()
        if quota.used is None:
            return f"The {quota.limit or ''} calls of the service have started anew.".replace("  ", " ")
        if quota.limit is None:
            return (
                f"{quota.used:,} calls since 00:00 UTC, counted here; with call_limit in the configuration"
                " the gauge shows how many are left."
            )
        if used_percent(quota) >= 100:
            raise QuotaSpent(f"{usage(self._name, quota)} Wait until then, or buy more.")
        how = "the service says so" if quota.source == "reported" else "counted here"
        return f"{usage(self._name, quota)[:-1]}; {how}."

    async def recording(self) -> str:
        """Asks for the samples besides, if the token is good, and saves every exchange of the visit."""
        missed = []
        for call in self._visit.adapter.samples() if self._is_accepted else ():
            try:
                await self._visit.ask(call)
            except CrmError as error:
                missed.append(f"{call.target} ({error.message})")
        if not self._visit.exchanges or self._record is None:
            raise Unavailable("Nothing was answered that could be saved; first mend what is said above.")
        folder = save(self._record, self._visit.connection.crm, self._visit.exchanges.values())
        if missed:
            raise BadAnswer(f"Not everything could be asked: {'; '.join(missed)} What came is in {folder}.")
        return (
            f"{len(self._visit.exchanges)} exchanges are in {folder}, personal values replaced; look them"
            " through before you send them to the developers."
        )

    def _listed(self) -> tuple[str, Field] | None:
        """The first field of a list, as the built-in fields tell."""
        adapter = self._visit.adapter
        for kind in adapter.main_kinds:
            for field in adapter.built_in(kind).fields:
                if field.asks and field.type is FieldType.CHOICE:
                    return kind, field
        return None


def _strange(words: tuple[str, ...]) -> str:
    if not words:
        return "every type word is known."
    named = ", ".join(words[:_MOST_WORDS]) + (" …" if len(words) > _MOST_WORDS else "")
    return f"shown as text, for their type words are not known: {named}."


def _span(seconds: float) -> str:
    """A time span in its largest unit."""
    for size, word in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {word}"
    return f"{seconds:.0f} seconds"
