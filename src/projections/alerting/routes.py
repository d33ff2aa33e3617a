"""Routes: where each firing of an alert went, or that it opened nothing and why; a row each."""

from collections.abc import Iterable

from domain.alerting import AlertRouted
from domain.kernel.commit import Event, Recorded
from projections.projection import Column, Projection, Put, Table

PREFIX = "alert."


def _rows(_before: None, _after: None, recorded: Recorded[Event]) -> Iterable[Put]:
    for event in recorded.commit.events:
        if isinstance(event, AlertRouted):
            yield Put(
                "firing",
                (
                    recorded.stream.removeprefix(PREFIX),
                    event.episode,
                    event.signal,
                    event.product,
                    event.source,
                    event.alert_id,
                    event.title,
                    event.service,
                    event.severity.value if event.severity else None,
                    event.occurred_at,
                    event.action.value if event.action else None,
                    event.rule,
                    event.because,
                    event.until,
                    event.incident,
                ),
            )


ROUTES: Projection[None] = Projection(
    name="routes",
    version=1,
    follows=(PREFIX,),
    tables=(
        Table(
            name="firing",
            columns=(
                Column("alert", "text"),
                Column("episode", "text"),
                Column("signal", "bigint"),
                Column("product", "text"),
                Column("source", "text"),
                Column("alert_id", "text"),
                Column("title", "text", null=True),
                Column("service", "text", null=True),
                Column("severity", "text", null=True),
                Column("began_at", "timestamptz"),
                Column("action", "text", null=True),
                Column("rule", "text", null=True),
                Column("because", "text", null=True),
                Column("until", "timestamptz", null=True),
                Column("incident", "text", null=True),
            ),
            keys=2,
            indexes=(("signal",),),
        ),
    ),
    each=_rows,
)
