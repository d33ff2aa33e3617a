"""What becomes of an alert: the rules that say so, and where each firing of it belongs."""

from domain.alerting.firings import (
    FIRINGS,
    THREADS,
    AlertEnded,
    AlertRouted,
    End,
    Firing,
    FiringEvent,
    FiringHistory,
    Route,
)
from domain.alerting.rules import Action, AlertAttributes, Decision, Rulebook, route

__all__ = [
    "FIRINGS",
    "THREADS",
    "Action",
    "AlertAttributes",
    "AlertEnded",
    "AlertRouted",
    "Decision",
    "End",
    "Firing",
    "FiringEvent",
    "FiringHistory",
    "Route",
    "Rulebook",
    "route",
]
