"""Examples of storms, for documents and tests; the service imports them nowhere."""

from domain.alerting.samples import INCIDENT, clock
from domain.alerting.storm_events import EVENTS as STORM_EVENTS
from domain.alerting.storm_events import (
    Counted,
    StormBegan,
    StormEnded,
    StormEvent,
    StormGrew,
    ToldAlone,
)
from domain.alerting.storms import Begin, Grow, NewAlert, StormCommand, Storms, incident_of
from domain.alerting.storms import End as EndStorm
from domain.kernel.aggregate import Samples, complete
from domain.kernel.totality import kinds, phases
from domain.policy import Severity

BEGIN = Begin(product="alertmanager", source="prod")
GROW = Grow(
    product="alertmanager",
    source="prod",
    alerts=(NewAlert(name="a1", key="NodeDown", severity=Severity.SEV1, title="NodeDown: n1"),),
    incidents=(INCIDENT,),
)

STORM_SAMPLES: Samples[StormCommand, StormEvent] = complete(
    Samples(
        events=(
            StormBegan(
                occurred_at=clock(12),
                product="alertmanager",
                source="prod",
                incident=incident_of("alertmanager", "prod", 1),
                alerts_max=30,
                window_s=60,
                policy_version="2026.1",
            ),
            StormGrew(
                occurred_at=clock(12),
                product="alertmanager",
                source="prod",
                severities=(Counted(Severity.SEV1, 1), Counted(Severity.SEV3, 40)),
                examples=("NodeDown: n1",),
                alone=(ToldAlone("NodeDown: n#", "a1"),),
                incidents=(INCIDENT,),
                announced=1_500,
                names=("a1",),
                signals=(4711,),
            ),
            StormEnded(occurred_at=clock(12, 4), product="alertmanager", source="prod", alerts=41),
        ),
        commands={
            "begin": BEGIN,
            "grow": GROW,
            "end": EndStorm(product="alertmanager", source="prod"),
        },
        phases={"quiet": (), "raging": (BEGIN,)},
    ),
    STORM_EVENTS,
    kinds(StormCommand),
    phases(Storms),
)
