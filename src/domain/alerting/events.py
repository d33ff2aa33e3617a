"""What is on record of the firings of an alert.

The events are on disk for ever: rename nothing, add optional fields, or supersede a tag.
"""

from domain.alerting.affected import Affected
from domain.alerting.rules import Action
from domain.incident.alerts.alert import Alert, Opens
from domain.kernel.commit import Event, Instant
from domain.kernel.totality import kinds
from domain.policy import Severity


class AlertRouted(Event, frozen=True, kw_only=True, omit_defaults=True, tag="alert.routed.v1"):
    """An alert began to fire, and this is where it belongs. `episode` tells the firings of an alert
    apart; `occurred_at` is when it began. Without an `incident` it opens nothing, until `until` at
    least. `action` and `rule` are those that decided; neither: the source's own setting. `signal`
    told of it, in its report `event_id` at this `place` of the body, received at `heard_at`;
    `thread` is the stream of those that it shares an incident with; `storm` the incident by which
    people are told of it, where it is one of many; `affected` what it shares that thread by.
    """

    product: str
    source: str
    alert_id: str
    episode: str = ""
    incident: str | None = None
    opens: Opens = Opens.INCIDENT
    action: Action | None = None
    rule: str | None = None
    because: str | None = None
    until: Instant | None = None
    flap_window_s: int = 0
    title: str | None = None
    service: str | None = None
    severity: Severity | None = None
    signal: int = 0
    thread: str | None = None
    heard_at: Instant | None = None
    place: int = 0
    event_id: str | None = None
    storm: str | None = None
    affected: Affected | None = None


class AlertSpread(Event, frozen=True, kw_only=True, omit_defaults=True, tag="alert.spread.v1"):
    """More components are `affected`, all of which are named, than were as the alert began to
    fire.
    """

    product: str
    source: str
    alert_id: str
    episode: str = ""
    affected: Affected


class AlertEnded(Event, frozen=True, kw_only=True, omit_defaults=True, tag="alert.ended.v1"):
    """A firing is over: as its product says, which may have `stated` when, or because its incident
    was (`incident_over`): a person has ended that, and the alert fires on. `signal`, `place`,
    `heard_at` and `event_id` say which report told of it.
    """

    product: str
    source: str
    alert_id: str
    episode: str = ""
    stated: bool = False
    incident_over: bool = False
    signal: int = 0
    place: int = 0
    heard_at: Instant | None = None
    event_id: str | None = None


class AlertUnheard(Event, frozen=True, kw_only=True, omit_defaults=True, tag="alert.unheard.v1"):
    """A product told of the end or the acknowledgement of an alert that was never heard of, or of
    something beside it, such as a note: nothing follows, unless it is heard of later that it had
    fired before. `stated`: its product says when this was. `over`: the firing that its key was
    given to was over.
    """

    alert: Alert
    stated: bool = False
    signal: int = 0
    place: int = 0
    heard_at: Instant | None = None
    over: bool = False

    @property
    def because(self) -> str:
        """Why nothing followed, in words."""
        merged = self.alert.text if self.alert.merged_into else None
        said = merged or self.alert.kind.replace("_", " ")
        why = "was over already" if self.over else "was never heard of"
        return f"{said}, and {why}"


FiringEvent = AlertRouted | AlertSpread | AlertEnded | AlertUnheard

EVENTS: tuple[type[FiringEvent], ...] = kinds(FiringEvent)
