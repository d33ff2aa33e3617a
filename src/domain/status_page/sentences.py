"""The fixed sentences that the public is told where nobody has put it into words."""

from domain.incident import state as s
from domain.incident.events import Kind
from domain.incident.state import OVER, Incident
from domain.kernel.totality import chosen, total
from domain.status_page.public_incident import RESOLVED

PUBLIC_KINDS = chosen(
    "whether the public sees incidents",
    Kind,
    {
        Kind.STANDARD: True,
        Kind.RETROSPECTIVE: True,
        Kind.MAINTENANCE: True,
        Kind.TEST: False,
        Kind.DRILL: False,
    },
)
"""Drills and tests are never shown, whomever an update of theirs is addressed to."""

SENTENCES = total(
    "sentences to the public",
    (*OVER, "reopened", "unmerged", "did_not_hold", "all_clear", "continued"),
    {
        RESOLVED: ("This incident has been resolved.", "The maintenance has been completed."),
        "canceled": (
            "This report has been withdrawn: it turned out to be a false alarm.",
            "The maintenance has been canceled.",
        ),
        "merged": (
            "This incident has been merged with another report of the same disruption.",
            "The maintenance has been merged with another one.",
        ),
        "reopened": ("This incident has been reopened.", "The maintenance has been resumed."),
        "unmerged": (
            "This is another disruption than the other report after all. We go on with it.",
            "The maintenance goes on by itself.",
        ),
        "did_not_hold": (
            "The measures taken have not held. We continue to work on this.",
            "The maintenance continues.",
        ),
        "continued": (
            "This continues another report of the same disruption.",
            "This continues another maintenance.",
        ),
        "all_clear": (
            "All clear: service has been stable since this was resolved.",
            "All clear: service has been stable since the maintenance.",
        ),
    },
)
"""What is said where nobody has put it into words: of an incident, and of a maintenance."""


def say(what: str, incident: Incident) -> str:
    """One of them, as it fits the incident."""
    assert not isinstance(incident, s.Undeclared)
    return SENTENCES[what][incident.facts.about.kind is Kind.MAINTENANCE]
