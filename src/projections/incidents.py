"""What read models keep of an incident, folded once for all of them."""

import msgspec

from domain.commit import Event, Recorded
from domain.incident import INCIDENT, Incident
from domain.incident.state import Undeclared
from domain.notification import Audience
from domain.policy import Severity
from projections.news import News, hearing, news


class Known(msgspec.Struct, frozen=True):
    """An incident after the commit at `position`, and what that commit tells people: the place of
    each event that is news, and its kind. `audiences` have been told of the incident, and hear how
    it goes on, even when it turns out to be less severe; `peak` is the most severe that they heard.
    """

    incident: Incident = INCIDENT.initial
    position: int = 0
    audiences: tuple[Audience, ...] = ()
    peak: Severity = Severity.SEV4
    news: tuple[tuple[int, News], ...] = ()


NOTHING_KNOWN = Known()


def follow(known: Known, recorded: Recorded[Event]) -> Known:
    """What is known after one more commit. A severity that is raised as an incident is declared is
    no news of its own: the declaration is told with the severity that results.
    """
    incident = known.incident
    found: tuple[tuple[int, News], ...] = ()
    for index, event in enumerate(recorded.commit.events):
        before, incident = incident, INCIDENT.evolve(incident, event)  # type: ignore[arg-type]
        kind = news(before, event, incident)
        if kind and not (kind == "severity_changed" and found and found[-1][1] == "declared"):
            found += ((index, kind),)
    audiences, peak = known.audiences, known.peak
    if found and type(incident) is not Undeclared:
        audiences = hearing(audiences, incident)
        peak = min(peak, incident.facts.severity)
    return Known(incident, recorded.position, audiences, peak, found)
