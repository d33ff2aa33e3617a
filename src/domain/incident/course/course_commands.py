"""What can be said of how an incident goes: its cause, what is done about it, its end."""

from domain.incident.command_fields import Gated, Text, TimedCommand


class IdentifyRootCause(Gated, frozen=True, kw_only=True):
    """State the cause."""

    cause: Text


class WithdrawRootCause(TimedCommand, frozen=True, kw_only=True):
    """State that what was stated as the cause was not it: it is sought again, by its clock."""

    reason: Text


class Mitigate(Gated, frozen=True, kw_only=True):
    """State that users are no longer affected, and by what measure."""

    mitigation: Text


class DidNotHold(TimedCommand, frozen=True, kw_only=True):
    """State that the mitigation, or the resolution, did not hold: the incident is back where it was
    before, and its clocks run again.
    """

    reason: Text


class Resolve(Gated, frozen=True, kw_only=True):
    """State that the incident is over. A SEV1 or SEV2 needs roles, a `verification` (the SLI or the
    address that shows recovery), and no open hypothesis. An `early_reason` says why nobody has
    acknowledged or mitigated it, or watched recovery for long enough (asked of all severities).
    """

    resolution: Text
    verification: Text | None = None
    early_reason: Text | None = None


class Reopen(TimedCommand, frozen=True, kw_only=True):
    """Take a resolved or canceled incident up again."""

    reason: Text


class Cancel(TimedCommand, frozen=True, kw_only=True):
    """Close the incident as a false positive."""

    reason: Text
