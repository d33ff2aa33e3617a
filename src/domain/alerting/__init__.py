"""What becomes of an alert: the rules that say so, and where each firing of it belongs."""

from domain.alerting.firings import (
    FIRINGS,
    AlertEnded,
    AlertRouted,
    Course,
    End,
    Firing,
    FiringEvent,
    Route,
)
from domain.alerting.rules import Action, Decision, Rulebook, Said, route

__all__ = [
    "FIRINGS",
    "Action",
    "AlertEnded",
    "AlertRouted",
    "Course",
    "Decision",
    "End",
    "Firing",
    "FiringEvent",
    "Route",
    "Rulebook",
    "Said",
    "route",
]
