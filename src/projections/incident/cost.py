"""What an incident cost in people's time, folded from its log."""

from collections.abc import Sequence

from domain.incident import INCIDENT
from domain.kernel.commit import Event, Recorded
from domain.learning.insight.cost import IncidentCost, cost_of
from domain.policy import Policy
from projections.incident.board import SHOW_INCIDENT
from projections.past import Cut
from projections.read_model import ById, FromLog, Resource


def _tell(
    _asked: ById, commits: Sequence[Recorded[Event]], cut: Cut, _policy: Policy
) -> IncidentCost | None:
    return cost_of([each for each in commits if cut.knows(each)], cut.had)


INCIDENT_COST = Resource(
    path="/v1/incidents/{ref}/cost",
    operation_id="get_incident_cost",
    tag="learning",
    summary="Cost",
    description="What an incident cost in people's time, in minutes, as far as the log tells: who"
    " held roles while it\nwent on, and who acted. An estimate from below.",
    question=SHOW_INCIDENT,
    about=INCIDENT,
    answers=IncidentCost,
    from_log=FromLog(streams=("incident.",), tell=_tell),
)
