"""What a report of a firing adds to what its incident knows of it: nothing, a change, or that it is
on again (decision 30).

Alertmanager and its like say at every interval that an alert fires, in the same words or in others;
a product with an id for each report says nothing twice.
"""

from datetime import datetime

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident.alerts.alert import Alert, AlertKind
from domain.incident.alerts.differences import changes
from domain.incident.alerts.member import Member, key_of
from domain.incident.state import Facts


def add_news(command: c.ReceiveAlert, facts: Facts) -> c.ReceiveAlert | None:
    """The report, as what it is to an incident; None: no news."""
    alert = command.alert
    member = facts.alerts.member(key_of(alert))
    if member is None:
        return command
    if command.repeated_at and _says_nothing(alert, command.repeated_at, member, facts):
        return None
    if alert.kind is AlertKind.TRIGGERED and member.fired and command.repeated_at:
        return replace(command, occurred_at=command.repeated_at)
    if _is_on_again(command, member):
        return replace(command, alert=replace(alert, kind=AlertKind.REOPENED))
    return command


def _says_nothing(alert: Alert, at: datetime, member: Member, facts: Facts) -> bool:
    match alert.kind:
        case AlertKind.TRIGGERED:
            return member.fired is not None and not changes(facts.alerts, alert, at)
        case AlertKind.RESOLVED:
            return bool(member.resolutions)
        case AlertKind.ACKNOWLEDGED:
            return facts.acknowledged and facts.acknowledged_by == alert.by
        case _:
            return False


def _is_on_again(command: c.ReceiveAlert, member: Member) -> bool:
    """Whether a product takes back what it has said to be over."""
    at = command.occurred_at
    if not command.fires or at is None or not member.resolutions:
        return False
    return max(each.at for each in member.resolutions) < at
