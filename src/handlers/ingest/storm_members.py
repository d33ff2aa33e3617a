"""Alerts as members of a storm: which are new, what they count as, and how their incidents hear."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from msgspec.structs import replace

from domain.alerting.rules import RoutingDecision, in_storm
from domain.alerting.storms import NewAlert, key_of
from domain.incident.alerts.alert import AlertKind
from domain.incident.commands import ReceiveAlert
from domain.policy import Policy
from handlers.ingest.open_signal import SLICE
from handlers.ingest.reports import Report
from handlers.ingest.routing_context import RoutedReport, RoutingContext, id_of
from handlers.ingest.storms import Membership, Origin, StormKeeper


async def foresee(
    storms: StormKeeper,
    origin: Origin,
    signal: int,
    reports: Iterable[Report],
    is_new: Callable[[Report], Awaitable[bool]],
) -> None:
    """Before the first of many alerts that came together is placed: if so many of them are new
    that they are a storm, it begins with the first. Raises `Unavailable`.
    """
    firing = [each for each in reports if each.alert.kind is AlertKind.TRIGGERED]
    if len(firing) <= storms.alerts_max:
        return
    new = 0
    for begin in range(0, len(firing), SLICE):
        new += sum(await asyncio.gather(*map(is_new, firing[begin : begin + SLICE])))
        if new > storms.alerts_max:
            await storms.foresee(origin, len(firing), signal)
            return


def name_in_storm(case: RoutingContext) -> str:
    """What tells the firing that a report begins from all others."""
    return id_of("firing", *case.ref, case.new_episode)


def new_alert(case: RoutingContext, decision: RoutingDecision, policy: Policy) -> NewAlert:
    """What an alert that begins to fire counts as."""
    said = case.attributes
    shared = decision.shared or in_storm(RoutingDecision(), said).shared
    return NewAlert(
        name=name_in_storm(case),
        key=key_of(shared, said.title),
        severity=said.severity or policy.unassessed,
        title=said.title,
    )


def as_member(placed: RoutedReport, member: Membership | None) -> RoutedReport:
    """Where an alert belongs; of a member of a storm people are told as of that."""
    if member is None or member.alone:
        return placed
    return placed._replace(tell=tuple(_told_with(each, member.incident) for each in placed.tell))


def _told_with(told: ReceiveAlert, storm: str) -> ReceiveAlert:
    if told.alert.kind is not AlertKind.TRIGGERED:
        return told
    return replace(told, alert=replace(told.alert, storm=storm))
