"""An incident as questions answer it: as it stands, with what is due of it, and who was told."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from domain.incident.course.durations import Durations, durations
from domain.incident.deadlines.owed import Due
from domain.incident.hypothesis import Hypothesis
from domain.incident.state import OPEN
from domain.incident.view import IncidentView
from domain.kernel.roster import Roster, Who
from domain.policy.audience import Audience
from projections.incident.due import DUE_OF, DueOf, due_then, mark_of
from projections.incident.told import WHO_WAS_TOLD, ToldOf, told_then
from projections.incident.untold import NO_CHANNEL, WHO_WAS_NOT_TOLD, UntoldOf, untold_then
from projections.read_model import Addition


class ToldLast(msgspec.Struct, frozen=True, kw_only=True):
    """What an audience was told last through a channel, and when. Nobody is on this list whom no
    message has reached.
    """

    audience: Audience
    channel: str
    at: datetime
    subject: str


class NotTold(msgspec.Struct, frozen=True, kw_only=True):
    """An audience that was to hear of it, and to which no message has come, and why."""

    audience: Audience
    why: str


class OfCatalogue(msgspec.Struct, frozen=True, kw_only=True):
    """What an incident calls a service, and the service of the catalogue that is meant (null: none
    is known by that name): whose it was when the incident began, and whose it is.
    """

    named: str
    service: str | None = None
    name: str | None = None
    owner: str | None = None
    tier: int | None = None
    owner_now: str | None = None
    tier_now: int | None = None


class IncidentShown(IncidentView, frozen=True, kw_only=True):
    """An incident, how long it took, what is due of it (the soonest first), who has been told, and
    who was to be and was not, as no channel tells them. `catalogue`: its services as the directory
    has them; null: it could not be asked.
    """

    durations: Durations = msgspec.field(default_factory=Durations)
    deadlines: tuple[Due, ...] = ()
    told: tuple[ToldLast, ...] = ()
    not_told: tuple[NotTold, ...] = ()
    catalogue: tuple[OfCatalogue, ...] | None = None


def due_in(shown: IncidentShown) -> Iterator[DueOf]:
    """What is due of one incident, as the list of all has it."""
    for due in shown.deadlines:
        yield DueOf(
            id=shown.id,
            mark=mark_of(due),
            reference=shown.reference,
            title=shown.title,
            severity=shown.severity,
            status=shown.status,
            **msgspec.structs.asdict(due),
        )


def _with_due(shown: IncidentShown, found: Sequence[Any]) -> IncidentShown:
    return msgspec.structs.replace(
        shown,
        durations=durations(shown.milestones, over=shown.status_category not in OPEN),
        deadlines=tuple(_as(Due, each) for each in found),
    )


def _with_told(shown: IncidentShown, found: Sequence[ToldOf]) -> IncidentShown:
    return msgspec.structs.replace(shown, told=tuple(_as(ToldLast, each) for each in found))


def _with_untold(shown: IncidentShown, found: Sequence[UntoldOf]) -> IncidentShown:
    told = {each.audience for each in shown.told}
    missed = (each.audience for each in found if each.audience not in told)
    return msgspec.structs.replace(
        shown, not_told=tuple(NotTold(audience=each, why=NO_CHANNEL) for each in missed)
    )


def with_directory(_: object, found: list[IncidentShown], roster: Roster) -> list[IncidentShown]:
    """All of them, as the directory has them now."""
    return [_with_directory(each, roster) for each in found]


def _with_directory(shown: IncidentShown, roster: Roster) -> IncidentShown:
    """Who has its roles, and whose its services are, as the directory has it now. What was recorded
    of a person stays; a name that fits nobody then may fit somebody by now.
    """
    began = shown.milestones.counted_from
    return msgspec.structs.replace(
        shown,
        holders={
            role: who
            for role, name in shown.roles.items()
            if (who := _resolved(name, shown.holders.get(role), roster))
        },
        hypotheses=tuple(_with_owner(each, roster) for each in shown.hypotheses),
        catalogue=tuple(_of_catalogue(name, began, roster) for name in shown.services),
    )


def _with_owner(path: Hypothesis, roster: Roster) -> Hypothesis:
    if path.owner is None:
        return path
    recorded = Who(name=path.owner, person=path.person, doubt=path.doubt)
    known = _resolved(path.owner, recorded, roster) or recorded
    return msgspec.structs.replace(path, person=known.person, doubt=known.doubt)


def _resolved(name: str, recorded: Who | None, roster: Roster) -> Who | None:
    known = roster.who(recorded.person if recorded and recorded.person else name)
    return known if known.person or known.doubt else recorded


def _of_catalogue(named: str, began: datetime | None, roster: Roster) -> OfCatalogue:
    entry = roster.service(named)
    if entry is None:
        return OfCatalogue(named=named)
    tenure = entry.tenure_at(began) if began else None
    return OfCatalogue(
        named=named,
        service=entry.id,
        name=entry.name,
        owner=tenure.owner if tenure else None,
        tier=tenure.tier if tenure else None,
        owner_now=entry.owner,
        tier_now=entry.tier,
    )


def _as(kind: type[Any], row: DueOf | Due | ToldOf) -> Any:
    """The part of a row that is shown."""
    return kind(**{name: getattr(row, name) for name in kind.__struct_fields__})


ADDITIONS = (
    Addition(
        question=DUE_OF,
        add=_with_due,
        streams=("incident.",),
        then=lambda _, commits, cut, policy: due_then(commits, cut, policy),
    ),
    Addition(
        question=WHO_WAS_TOLD,
        add=_with_told,
        streams=("notification.",),
        then=lambda _, commits, cut, __: told_then(commits, cut),
    ),
    Addition(
        question=WHO_WAS_NOT_TOLD,
        add=_with_untold,
        streams=("incident.",),
        then=lambda id_, commits, cut, _: untold_then(id_, commits, cut),
    ),
)
"""What a list of incidents knows of each besides the board."""
