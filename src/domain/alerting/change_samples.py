"""Examples of changes of systems, for documents and tests; the service imports them nowhere."""

from domain.alerting.change_log import EVENTS, PHASES, ChangeEvent, ChangeReported, ReportChange
from domain.alerting.samples import clock
from domain.incident.alerts.alert import Link
from domain.incident.system_change import SystemChange
from domain.kernel.aggregate import Samples, complete

CHANGE = SystemChange(
    id="01890a5d-ac96-774b-bcce-b302099a8059",
    product="events_v2",
    source="ci",
    heard_at=clock(11, 46),
    summary="Deployed checkout 1.4.2",
    origin="deploy-pipeline-7",
    service="checkout",
    by="Ada",
    text="build: 1842",
    links=(Link("Build", "https://ci.example.com/builds/1842"),),
    flaws=("payload.timestamp has a second 60, read as 2026-05-04T11:45:00+00:00",),
)
REPORT_CHANGE = ReportChange(change=CHANGE, at=clock(11, 45), stated=True, signal=6, place=1)

CHANGE_SAMPLES: Samples[ReportChange, ChangeEvent] = complete(
    Samples(
        events=(ChangeReported(occurred_at=clock(11, 45), change=CHANGE, signal=6, place=1),),
        commands={"report_change": REPORT_CHANGE},
        phases={"unreported": (), "reported": (REPORT_CHANGE,)},
    ),
    EVENTS,
    (ReportChange,),
    PHASES,
)
