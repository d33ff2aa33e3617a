"""What read models keep of an incident, folded once for all of them."""

import msgspec

from domain.incident import INCIDENT, Incident
from domain.incident.notifiable import Audiences, Notifiable, news
from domain.incident.state import Undeclared
from domain.kernel.commit import Event, Recorded
from domain.policy import Severity
from domain.status_page.public_timeline import PublicTimeline, tell


class IncidentFold(msgspec.Struct, frozen=True):
    """An incident after the commit at `position`, and what that commit tells people: the place of
    each event that is news, and what news it is. `audiences` have been told of the incident, and
    hear how it goes on, even when it turns out to be less severe; `peak` is the most severe that
    they heard, `services` are all that they were told it concerns: none, if ever none was named.
    `public` is what the public was told.
    """

    incident: Incident = INCIDENT.initial
    position: int = 0
    audiences: Audiences = ()
    peak: Severity = Severity.SEV4
    services: tuple[str, ...] = ()
    news: tuple[tuple[int, Notifiable], ...] = ()
    public: PublicTimeline | None = None


NOTHING_FOLDED = IncidentFold()


def follow(known: IncidentFold, recorded: Recorded[Event]) -> IncidentFold:
    """What is known after one more commit. A severity that is raised as an incident is declared is
    no news of its own: the declaration is told with the severity that results.
    """
    incident, audiences = known.incident, known.audiences
    found: tuple[tuple[int, Notifiable], ...] = ()
    actor = recorded.commit.actor
    for index, event in enumerate(recorded.commit.events):
        before, incident = incident, INCIDENT.evolve(incident, event, actor)  # type: ignore[arg-type]
        item = news(audiences, before, event, incident)
        if item is None:
            continue
        audiences = _together(audiences, item.audiences)
        if item.kind == "severity_changed" and found and found[-1][1].kind == "declared":
            found = (*found[:-1], (found[-1][0], Notifiable("declared", audiences)))
        else:
            found += ((index, item),)
    peak, services = known.peak, known.services
    if found and type(incident) is not Undeclared:
        peak = min(peak, incident.facts.severity)
        services = _concerned(known, incident.facts.about.services)
    public = tell(known.public, incident, recorded)
    return IncidentFold(incident, recorded.position, audiences, peak, services, found, public)


def _together(some: Audiences, more: Audiences) -> Audiences:
    if some == more:  # as it is nearly always
        return some
    return (*some, *(audience for audience in more if audience not in some))


def _concerned(known: IncidentFold, services: tuple[str, ...]) -> tuple[str, ...]:
    if services == known.services:
        return services
    if not services or (known.audiences and not known.services):
        return ()
    return tuple(dict.fromkeys((*known.services, *services)))
