"""What a page and its incident owe each other, as both stand: pure, so that whoever asks again,
late or twice, gets the same answer.
"""

from typing import NamedTuple

from domain.kernel.roster import Who
from domain.paging.pages.commands import AcknowledgePage, EndPage, NoteSeverity, ReopenPage
from domain.paging.pages.events import INCIDENT_WAY, WITH_INCIDENT, ReopenedBecause
from domain.paging.pages.page_facts import IncidentNow
from domain.paging.pages.page_state import Page, PageStatus


class ForPage(NamedTuple):
    """A command for the page; `actor`: who has done what it says, None: the service."""

    command: AcknowledgePage | EndPage | NoteSeverity | ReopenPage
    actor: str | None = None


class TakeIncident(NamedTuple):
    """Whoever answered the page has acknowledged the incident by that; `key` tells this answer from
    all others of the page.
    """

    by: Who
    key: str


def next_command(incident: IncidentNow, page: Page) -> ForPage | TakeIncident | None:
    """What is to be done next; None: nothing."""
    if page.status is PageStatus.ENDED:
        return None
    if incident.over is not None:
        return ForPage(EndPage(because=incident.ending, detail=incident.over))
    if page.severity is not incident.severity:
        return ForPage(NoteSeverity(severity=incident.severity))
    if incident.acknowledged_by is None:
        return _unacknowledged(page)
    return _acknowledged(incident.acknowledged_by, page)


def _unacknowledged(page: Page) -> ForPage | TakeIncident | None:
    answers = [it for it in page.acknowledgements if it.through != INCIDENT_WAY]
    if answers:
        last = answers[-1]
        return TakeIncident(last.by, f"{page.climb} {last.at.isoformat()}")
    if page.status is PageStatus.ACKNOWLEDGED:
        return ForPage(ReopenPage(because=ReopenedBecause.ACKNOWLEDGEMENT_WITHDRAWN))
    return None


def _acknowledged(by: Who, page: Page) -> ForPage | None:
    """Who has acknowledged the incident has acknowledged its page, unless a person wanted that for
    somebody else.
    """
    waits = page.status in {PageStatus.CLIMBING, PageStatus.UNANSWERED}
    if page.asked_by is not None or not waits:
        return None
    if page.is_taken_by(by):
        return None
    return ForPage(AcknowledgePage(through=INCIDENT_WAY), actor=by.name)


def returns(incident: IncidentNow, page: Page) -> bool:
    """Whether a page that ended with its incident goes on, for that is open again, and nobody's."""
    ended = page.ended_because in WITH_INCIDENT
    return ended and incident.over is None and incident.acknowledged_by is None
