"""Routes: where each firing of an alert went, or that it opened nothing and why, what was said of
alerts that never fired, and changes of systems; a row each.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from domain.alerting import AlertRouted, AlertUnheard, ChangeReported, SignalPassedOver
from domain.kernel.commit import Event, Recorded
from projections.cursor import Falling, cursor_of
from projections.projection import Projection, Put
from projections.read_model import Paging, Question, Resource
from projections.table import put_into, table_of

PREFIX, SIGNAL, CHANGE = "alert.", "signal.", "change."


class Routed(msgspec.Struct, frozen=True, kw_only=True):
    """One firing of an alert, and where it went: to an `incident`, or nowhere by a `rule`, silence
    or maintenance window, `until` a time. Without an `action` the source decided; `noted` is what
    was said of an alert that never fired, which opens nothing, and `passed_over` what is of no
    concern, for the reason `because`; it has no `alert_id`, nor has what was used although it is
    `flawed`: `flaws` say what could not be read as it was meant. A `change` of a system has none
    either, and stands on timelines.
    """

    signal: int
    alert: str
    episode: str
    product: str
    source: str
    alert_id: str
    title: str | None
    service: str | None
    severity: str | None
    began_at: datetime
    action: str | None
    rule: str | None
    because: str | None
    until: datetime | None
    incident: str | None
    flaws: tuple[str, ...] = ()


FIRING = table_of(
    Routed,
    name="firing",
    key=("alert", "episode"),
    indexes=(("signal", "alert", "episode"), ("incident", "signal", "alert", "episode")),
)
_put = put_into(FIRING, Routed)
_AS_TOLD = [each for each in Routed.__struct_fields__ if each not in {"alert", "began_at", "flaws"}]
"""The fields that are those of the event; each that it has not fails as a row is made."""


def _rows(_before: None, _after: None, recorded: Recorded[Event]) -> Iterable[Put]:
    for event in recorded.commit.events:
        if isinstance(event, AlertRouted):
            told = {name: getattr(event, name) for name in _AS_TOLD}
            yield _put(Routed(alert=recorded.key, began_at=event.occurred_at, **told))
        elif isinstance(event, AlertUnheard):
            yield _put(_noted(recorded.key, event))
        elif isinstance(event, ChangeReported):
            yield _put(_changed(recorded.key, event))
        elif isinstance(event, SignalPassedOver):
            yield _put(_passed_over(int(recorded.key), event))


def _noted(key: str, event: AlertUnheard) -> Routed:
    """What is said of what never fired is no firing, so its row is named after its signal."""
    alert = event.alert
    return Routed(
        signal=event.signal,
        alert=key,
        episode=f"@{event.signal}.{event.place}",
        product=alert.product,
        source=alert.source,
        alert_id=alert.alert_id,
        title=alert.title,
        service=alert.service,
        severity=None,
        began_at=event.occurred_at,
        action="noted",
        rule=None,
        because=event.because,
        until=None,
        incident=None,
    )


def _passed_over(position: int, event: SignalPassedOver) -> Routed:
    """What is of no concern, or flawed, may have no alert; its row is that of its signal."""
    return Routed(
        signal=position,
        alert=f"{SIGNAL}{position}",
        episode="",
        product=event.product,
        source=event.source,
        alert_id="",
        title=None,
        service=None,
        severity=None,
        began_at=event.occurred_at,
        action="passed_over" if event.reason else "flawed",
        rule=None,
        because=event.reason or None,
        until=None,
        incident=None,
        flaws=event.flaws,
    )


def _changed(key: str, event: ChangeReported) -> Routed:
    change = event.change
    return Routed(
        signal=event.signal,
        alert=f"{CHANGE}{key}",
        episode=f"@{event.signal}.{event.place}",
        product=change.product,
        source=change.source,
        alert_id="",
        title=change.summary,
        service=change.service,
        severity=None,
        began_at=event.occurred_at,
        action="change",
        rule=None,
        because=None,
        until=None,
        incident=None,
    )


ROUTES: Projection[None] = Projection(
    name="routes", version=6, follows=(PREFIX, SIGNAL, CHANGE), tables=(FIRING,), each=_rows
)


class SignalFilter(Falling, frozen=True, kw_only=True):
    """Those that opened nothing, or `all`; the latest `limit` of them, behind the place `after`."""

    all: bool = False
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


def _latest(which: str) -> str:
    return f"""
        (SELECT * FROM {{firing}} WHERE {which}
        AND (signal, alert, episode) < ($first, $second, $third)
        ORDER BY signal DESC, alert DESC, episode DESC LIMIT $limit)
    """  # noqa: S608 - written here


_NOTHING = """
    NOT $all AND incident IS NULL AND (action IS NULL OR action NOT IN ('change', 'flawed'))
"""
"""A change is no alert that should have opened something, and what is flawed was used."""

ROUTED = Question(
    of=ROUTES.name,
    sql=f"""
        SELECT * FROM (
            {_latest("$all::boolean")} UNION ALL {_latest(_NOTHING)}
        ) AS routed ORDER BY signal DESC, alert DESC, episode DESC LIMIT $limit
    """,  # noqa: S608
    takes=SignalFilter,
    answer=Routed,
)
SIGNALS = Resource(
    path="/v1/signals",
    operation_id="list_signals",
    tag="signals",
    description="Alerts that opened nothing, the latest first; with `all`, also where the others "
    "went, and changes of systems.",
    question=ROUTED,
    paging=Paging(by="after", place=lambda last: cursor_of(last.signal, last.alert, last.episode)),
)
