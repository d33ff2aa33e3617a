"""The kinds of entries that a folder may hold, in the order in which they are applied."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec.structs import fields

from domain.directory import PERSON, SERVICE, TEAM
from domain.directory.person import PersonProfile
from domain.directory.service import ServiceProfile
from domain.directory.team import TeamProfile
from domain.kernel.aggregate import AnyAggregate
from domain.oncall.scheduling import SCHEDULE
from domain.oncall.scheduling.events import ScheduleProfile
from domain.paging import ESCALATION_POLICY
from domain.paging.escalating.events import EscalationProfile
from domain.runbook.publishing import RUNBOOK
from domain.runbook.publishing.events import RunbookProfile
from domain.slo.tracking import SLO
from domain.slo.tracking.events import SloProfile
from projections.directory.lists import PEOPLE_LIST, SERVICE_LIST, TEAM_LIST
from projections.oncall.schedules import SCHEDULE_LIST
from projections.paging.policy_rows import ESCALATION_POLICY_LIST
from projections.read_model import Resource
from projections.runbook.runbooks import RUNBOOK_LIST
from projections.slo.objectives import SLO_LIST


class Leaving(NamedTuple):
    """How an entry leaves that is not in the folder any more: a word for it, and its command."""

    action: Literal["deactivate", "retire"]
    command: str
    body: dict[str, Any]


class EntryKind(NamedTuple):
    """An aggregate of the directory: what is said of one, the list of all, and how one leaves. What
    is said is not all in the list unless that has them `in_full`.
    """

    aggregate: AnyAggregate
    profile: type[msgspec.Struct]
    listed: Resource
    leaves: Leaving
    in_full: bool = True

    @property
    def table(self) -> str:
        """What its entries stand under in a file: `people`."""
        return self.aggregate.plural

    def said(self, view: msgspec.Struct) -> dict[str, Any]:
        """What is said of an entry beyond what is usual, by field, as data."""
        profile = self.profile(
            **{name: getattr(view, name) for name in self.profile.__struct_fields__}
        )
        said: dict[str, Any] = msgspec.to_builtins(profile)
        usual = self.usual()
        return {name: value for name, value in said.items() if value != usual.get(name, ...)}

    def usual(self) -> Mapping[str, Any]:
        """What each field is where nothing is said, as data; those that must be said have none."""
        return _usual(self.profile)

    def is_gone(self, view: Any) -> bool:
        """Whether it has left already."""
        return view.lifecycle == "retired" if self.leaves is _RETIRE else not view.active


@cache
def _usual(profile: type[msgspec.Struct]) -> Mapping[str, Any]:
    return {
        each.encode_name: msgspec.to_builtins(each.default)
        if each.default is not msgspec.NODEFAULT
        else msgspec.to_builtins(each.default_factory())
        for each in fields(profile)
        if not each.required
    }


_DEACTIVATE = Leaving("deactivate", "deactivate", {})
_RETIRE = Leaving("retire", "change", {"lifecycle": "retired"})
PEOPLE = EntryKind(PERSON, PersonProfile, PEOPLE_LIST, _DEACTIVATE)
TEAMS = EntryKind(TEAM, TeamProfile, TEAM_LIST, _DEACTIVATE)
SERVICES = EntryKind(SERVICE, ServiceProfile, SERVICE_LIST, _RETIRE)
SCHEDULES = EntryKind(SCHEDULE, ScheduleProfile, SCHEDULE_LIST, _DEACTIVATE, in_full=False)
ESCALATION_POLICIES = EntryKind(
    ESCALATION_POLICY, EscalationProfile, ESCALATION_POLICY_LIST, _DEACTIVATE
)
SLOS = EntryKind(SLO, SloProfile, SLO_LIST, _DEACTIVATE, in_full=False)
RUNBOOKS = EntryKind(RUNBOOK, RunbookProfile, RUNBOOK_LIST, _DEACTIVATE, in_full=False)
KINDS = (PEOPLE, TEAMS, SERVICES, SCHEDULES, ESCALATION_POLICIES, SLOS, RUNBOOKS)
BY_TABLE = {each.table: each for each in KINDS}
