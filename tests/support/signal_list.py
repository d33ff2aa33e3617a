"""What `signals list --all` is made of, folded from a log without a database."""

from typing import Any

from domain.kernel.commit import Recorded
from handlers.kernel.ports import EventStore
from projections.alerting.route_rows import FIRING
from projections.alerting.routes import ROUTES
from projections.projection import Put

COLUMNS = [column.name for column in FIRING.columns]


async def listed(store: EventStore) -> list[dict[str, Any]]:
    """The rows of the list, in the order of the log in which they came to be."""
    return list(rows_of([recorded async for batch in store.read() for recorded in batch]))


def rows_of(log: list[Recorded[Any]]) -> list[dict[str, Any]]:
    """The same of a log that is at hand."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for part in ROUTES.parts:
        states: dict[str, Any] = {}
        for recorded in log:
            if not recorded.stream.startswith(part.follows):
                continue
            before = states.get(recorded.key, part.initial)
            after = states[recorded.key] = part.evolve(before, recorded)
            shown = (*part.each(before, after, recorded), *part.show(recorded.key, after))
            for put in shown:
                assert isinstance(put, Put)
                if put.table == FIRING.name:
                    rows[put.row[:2]] = dict(zip(COLUMNS, put.row, strict=True))
    found = list(rows.values())
    routed = {_about(row) for row in found if row["action"] != "told"}
    return [row for row in found if row["action"] != "told" or _about(row) not in routed]


def _about(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[each] for each in ("signal", "product", "source", "alert_id", "incident"))
