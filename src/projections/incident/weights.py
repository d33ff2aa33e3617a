"""Who reads of an event in a row of its own, where a timeline is for somebody."""

from domain.incident.alerts.alert import AlertKind
from domain.incident.events import AlertReceived
from domain.incident.presentation.of_events import PRESENTED
from domain.kernel.commit import name_of

ALERTS = {f"alert_{kind.value}" for kind in AlertKind}
READ_BY = {name_of(kind): row.read_by for kind, row in PRESENTED.items()}
READ_BY |= dict.fromkeys(ALERTS, PRESENTED[AlertReceived].read_by)
"""By the kind that a line of a timeline has."""
