"""What the doctor looks at and what it finds."""

from collections.abc import Awaitable, Callable, Iterable

import msgspec

from crmtui.model.errors import CrmError
from crmtui.model.text import clean
from crmtui.workspace.opening import redactor
from crmtui.workspace.reports import keep

_CRASHED = 70


class Finding(msgspec.Struct, frozen=True):
    """What a check came to: `said` is a sentence that names the fix where it is not ok."""

    check: str
    ok: bool
    said: str
    exit_code: int = 0
    """The code of a command that this would have ended."""


class Check(msgspec.Struct, frozen=True):
    """Something to look at: `run` says what it saw, or raises the error that the finding is.

    `needs`: the checks before it that must have been ok.
    """

    name: str
    run: Callable[[], Awaitable[str]]
    needs: tuple[str, ...] = ()


async def examine(checks: Iterable[Check], begin: Callable[[str], None]) -> list[Finding]:
    """Runs checks one after the other, whatever the ones before came to; `begin` is told each name."""
    found: list[Finding] = []
    faults: dict[str, Finding] = {}
    """For each check that is not ok the finding that it comes from."""
    for check in checks:
        begin(check.name)
        fault = next((faults[name] for name in check.needs if name in faults), None)
        finding = await _find(check) if fault is None else _unchecked(check, fault)
        if not finding.ok:
            faults[check.name] = fault or finding
        found.append(finding)
    return found


def _unchecked(check: Check, fault: Finding) -> Finding:
    said = f"This could not be checked; first mend what is said of {fault.check}."
    return Finding(check.name, False, said, fault.exit_code)


async def _find(check: Check) -> Finding:
    try:
        return Finding(check.name, True, _harmless(await check.run()))
    except CrmError as error:
        return Finding(check.name, False, _harmless(error.message), error.exit_code)
    except Exception as error:
        # One that breaks must not keep the others from being made.
        said = f"A mistake of the program ended this check ({type(error).__name__}); {keep(error)}"
        return Finding(check.name, False, _harmless(said), _CRASHED)


def _harmless(said: str) -> str:
    return clean(redactor.redact(said))
