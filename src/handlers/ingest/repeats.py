"""Events that come again under a name that the log holds, after what they told of is over.

Who sends them may mean that it fires again, so they hear that it does not, and it is listed.
"""

from collections.abc import Sequence
from typing import Any

from domain.incident import INCIDENT
from domain.incident.alerts.alert import AlertKind
from domain.incident.commands import ReceiveAlert
from domain.incident.state import LIVE
from handlers.ingest.reports import Report
from handlers.ingest.routing_context import caused_by, command_id
from handlers.ingest.signal_outcome import SignalOutcome
from handlers.kernel.executor import Executor
from handlers.kernel.ports import Signal

NO_NEWS = "says nothing new"
AGAIN = (
    "repeats an event of this source and id, and what it told of is over:"
    " what fires anew needs a new id"
)


async def repeats(
    executor: Executor,
    signal: Signal,
    report: Report,
    tells: Sequence[ReceiveAlert],
    outcome: SignalOutcome,
) -> bool:
    """Whether an earlier signal has brought an event of this name, and what fired then is over.
    Raises `Unavailable`.
    """
    fires = report.named and report.alert.kind is AlertKind.TRIGGERED
    if not fires or outcome.reason != NO_NEWS:
        return False
    incident, ours = outcome.incidents[0], caused_by(signal, "").causation_id
    state: Any = await executor.state(INCIDENT, incident)
    if isinstance(state, LIVE):
        return False
    for event in dict.fromkeys(each.alert.event_id for each in tells):
        name = command_id(signal.product, signal.source, event)
        heard = await executor.commit(INCIDENT, incident, name)
        if heard is not None and heard.causation_id != ours:
            return True
    return False
