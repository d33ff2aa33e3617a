"""All read models: one entry each."""

from collections.abc import Iterable
from typing import Any

from domain.alerting import HEARTBEAT
from domain.incident import INCIDENT
from domain.kernel.aggregate import AnyAggregate
from domain.learning import ACTION_ITEM, POSTMORTEM
from domain.maintenance import MAINTENANCE
from domain.paging import PAGE
from domain.registry import AGGREGATES
from domain.runbook.publishing import RUNBOOK
from projections.alerting.changes import CHANGES
from projections.alerting.heartbeats import HEARTBEAT_LIST, HEARTBEATS, WATCHED
from projections.alerting.quarantine import QUARANTINE, QUARANTINE_LIST
from projections.alerting.routes import ROUTES, SIGNALS
from projections.directory.administration import ADMINISTRATION
from projections.directory.catalogue import CATALOGUE_GAPS, DEPENDENTS
from projections.directory.entries import DIRECTORY
from projections.directory.lists import PEOPLE_LIST, SERVICE_LIST, TEAM_LIST
from projections.incident.backlog import BACKLOG, BACKLOG_LIST
from projections.incident.board import BOARD, ONE_INCIDENT, UNFINISHED
from projections.incident.cost import INCIDENT_COST
from projections.incident.due import DUE, DUE_LIST
from projections.incident.explained import EXPLAINED
from projections.incident.figures import DURATIONS_OF_PERIOD
from projections.incident.incident_list import INCIDENTS
from projections.incident.responders import BUS_FACTOR, RESPONDERS, UNKNOWN_SERVICES
from projections.incident.statistics import STATISTICS
from projections.incident.timeline import TIMELINE, TIMELINE_OF
from projections.incident.told import TOLD
from projections.knowledge.documents import DOCUMENTS
from projections.knowledge.search import SEARCH_ALL
from projections.knowledge.similar import SIMILAR
from projections.learning.action_items import ACTION_ITEM_LIST, ACTION_ITEMS, ITEMS_WAITING
from projections.learning.clue_rows import REPEATED
from projections.learning.happened_before import REPEAT_RATE, REPEATS
from projections.learning.interviews import INTERVIEW_LIST, INTERVIEWS
from projections.learning.postmortems import IN_REVIEW, POSTMORTEM_LIST, POSTMORTEMS
from projections.maintenance.maintenances import (
    MAINTENANCE_LIST,
    MAINTENANCES,
    MAINTENANCES_AHEAD,
)
from projections.oncall.schedules import SCHEDULE_LIST, SCHEDULES
from projections.outbox.deliveries import deliveries_of
from projections.outbox.intents import outbox
from projections.paging.page_explained import PAGE_EXPLAINED
from projections.paging.page_rows import PAGE_LIST, PAGES, UNENDED_PAGES
from projections.paging.person_pages import PERSON_PAGES
from projections.paging.policy_rows import ESCALATION_POLICIES, ESCALATION_POLICY_LIST
from projections.projection import Projection
from projections.read_model import ReadModel
from projections.runbook.executions import EXECUTION_LIST, EXECUTIONS
from projections.runbook.runbooks import (
    RUNBOOK_LIST,
    RUNBOOKS,
    RUNBOOKS_IN_USE,
    SERVICE_RUNBOOKS,
)
from projections.slo.measurements import MEASURED_LIST, MEASUREMENTS
from projections.slo.objectives import OBJECTIVES, SLO_LIST
from projections.status_page.published import STATUS_PAGE


def read_models(aggregates: Iterable[AnyAggregate] = AGGREGATES) -> tuple[ReadModel, ...]:
    """All read models of a service with these aggregates, each of which may have things to tell."""
    return (*_of_response(aggregates), *_of_what_is_kept())


def _of_response(aggregates: Iterable[AnyAggregate]) -> tuple[ReadModel, ...]:
    """What goes on, what was told of it, and what became of alerts."""
    return (
        ReadModel(
            projection=BOARD,
            resources=(INCIDENTS, ONE_INCIDENT, EXPLAINED, INCIDENT_COST),
            unfinished={INCIDENT.name: UNFINISHED},
        ),
        ReadModel(projection=DUE, resources=(DUE_LIST,)),
        ReadModel(projection=BACKLOG, resources=(BACKLOG_LIST,)),
        ReadModel(projection=TOLD),
        ReadModel(projection=RESPONDERS, resources=(BUS_FACTOR, UNKNOWN_SERVICES)),
        ReadModel(projection=TIMELINE, resources=(TIMELINE_OF,)),
        ReadModel(projection=STATISTICS, resources=(DURATIONS_OF_PERIOD,)),
        ReadModel(projection=QUARANTINE, resources=(QUARANTINE_LIST,)),
        ReadModel(projection=ROUTES, resources=(SIGNALS,)),
        ReadModel(
            projection=HEARTBEATS,
            resources=(HEARTBEAT_LIST,),
            unfinished={HEARTBEAT.name: WATCHED},
        ),
        ReadModel(projection=CHANGES),
        ReadModel(projection=outbox(aggregates)),
        deliveries_of(aggregates),
        ReadModel(projection=STATUS_PAGE),
    )


def _of_what_is_kept() -> tuple[ReadModel, ...]:
    """The directory, what was learnt, and what is ready for the next incident."""
    return (
        ReadModel(
            projection=DIRECTORY,
            resources=(PEOPLE_LIST, TEAM_LIST, SERVICE_LIST, DEPENDENTS, CATALOGUE_GAPS),
        ),
        ReadModel(
            projection=POSTMORTEMS,
            resources=(POSTMORTEM_LIST,),
            unfinished={POSTMORTEM.name: IN_REVIEW},
        ),
        ReadModel(projection=ADMINISTRATION),
        ReadModel(projection=INTERVIEWS, resources=(INTERVIEW_LIST,)),
        ReadModel(
            projection=ACTION_ITEMS,
            resources=(ACTION_ITEM_LIST,),
            unfinished={ACTION_ITEM.name: ITEMS_WAITING},
        ),
        ReadModel(projection=DOCUMENTS, resources=(SEARCH_ALL, SIMILAR)),
        ReadModel(projection=REPEATED, resources=(REPEATS, REPEAT_RATE)),
        ReadModel(projection=SCHEDULES, resources=(SCHEDULE_LIST,)),
        ReadModel(projection=ESCALATION_POLICIES, resources=(ESCALATION_POLICY_LIST,)),
        ReadModel(
            projection=PAGES,
            resources=(PAGE_LIST, PAGE_EXPLAINED),
            unfinished={PAGE.name: UNENDED_PAGES},
        ),
        ReadModel(projection=OBJECTIVES, resources=(SLO_LIST,)),
        ReadModel(projection=MEASUREMENTS, resources=(MEASURED_LIST,)),
        ReadModel(
            projection=RUNBOOKS,
            resources=(RUNBOOK_LIST, SERVICE_RUNBOOKS),
            unfinished={RUNBOOK.name: RUNBOOKS_IN_USE},
        ),
        ReadModel(projection=EXECUTIONS, resources=(EXECUTION_LIST,)),
        ReadModel(projection=PERSON_PAGES),
        ReadModel(
            projection=MAINTENANCES,
            resources=(MAINTENANCE_LIST,),
            unfinished={MAINTENANCE.name: MAINTENANCES_AHEAD},
        ),
    )


READ_MODELS = read_models()

ALL: tuple[Projection[Any], ...] = tuple(each.projection for each in READ_MODELS)
"""Their projections."""
