"""What can go wrong, each with the exit code of the commands and one sentence for the person."""

from collections.abc import Mapping
from typing import ClassVar


class CrmError(Exception):
    """Anything that reaches the person as one sentence: what happened and what to do."""

    exit_code: ClassVar[int] = 8
    report: str = ""
    """What the vendor's support wants to be told of a request that failed; empty where it wants nothing."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        """The sentence, with the service's own words where it gave some; never a token."""


class UsageError(CrmError):
    """A command, a WHERE or a name that makes no sense."""

    exit_code = 2


class ConfigError(CrmError):
    """The configuration, or a token's source in it, is not as it must be."""

    exit_code = 2


class NotFound(CrmError):
    """The record or the kind is not there, or not for this user."""

    exit_code = 3


class NoRoute(NotFound):
    """The service may not know this way of asking, and there is another; `cause` is what it is if not."""

    def __init__(self, cause: CrmError) -> None:
        super().__init__(cause.message)
        self.cause = cause


class AuthFailed(CrmError):
    """The token is missing, wrong or expired; `words` are the service's own, none if it was not asked."""

    exit_code = 4

    def __init__(self, message: str, words: str = "") -> None:
        super().__init__(message)
        self.words = words


class Forbidden(CrmError):
    """The token is good, but this is closed to it."""

    exit_code = 4


class QuotaSpent(CrmError):
    """The calls of the period are used up."""

    exit_code = 5


class RateLimited(CrmError):
    """Too many calls at once; `retry_after` is in seconds, None where the service does not say."""

    exit_code = 5

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Invalid(CrmError):
    """A write was refused, by us or by the service; `fields` gives each field's reason."""

    exit_code = 6

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class Restricted(CrmError):
    """The connection or the account's plan does not allow this write."""

    exit_code = 6


class Conflict(CrmError):
    """Somebody else changed the same field; nothing was sent."""

    exit_code = 7


class Unavailable(CrmError):
    """The service could not be reached or answered that it cannot; what was asked was not done."""

    exit_code = 8


class Unreachable(Unavailable):
    """No answer came: the line or the service is down."""


class BadAnswer(CrmError):
    """The service answered something that is not what its documents describe."""

    exit_code = 8


class OutcomeUnknown(CrmError):
    """A write left and no answer told what became of it."""

    exit_code = 9
