"""What if another policy had been in force."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, connected
from adapters.config.policy_file import load_policy
from domain.kernel.commit import EPOCH
from domain.kernel.text import clock_s
from domain.learning.what_if import IncidentUnderPolicy, WhatIf
from handlers.queries import what_if as queries
from handlers.queries.parameters import time_of


async def what_if(
    *,
    policy: Annotated[Path, Parameter(help="The policy file that might have been in force.")],
    since: Annotated[
        str | None, Parameter(help="Incidents with something on record since (RFC 3339); else all.")
    ] = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Say which incidents would have been classified, upgraded, escalated or told otherwise under
    another policy, and when, side by side with the one in force. Nothing is written.
    """
    other, begin = load_policy(policy), time_of(since, "since") or EPOCH
    async with connected(options, following=False) as parts:
        now = parts.clock.now()
        queries.check_since(begin, now)
        ids = await queries.found_in_log(parts.store, begin)
        found = await queries.what_if(parts.store, parts.policy, other, begin, now, ids)
    tables.as_json(found) if format == "json" else _show(found)


def _show(found: WhatIf) -> None:
    tables.say(
        f"{len(found.differing)} of {tables.count(found.incidents, 'incident')} would have gone"
        f" otherwise under {found.policy_then} than under {found.policy_now}."
    )
    for incident in found.differing:
        _show_incident(incident, found)


def _show_incident(incident: IncidentUnderPolicy, found: WhatIf) -> None:
    severity = f"{incident.severity_now}"
    if incident.severity_then is not incident.severity_now:
        severity = f"{incident.severity_now}, it would be {incident.severity_then}"
    tables.table(
        f"{incident.reference} {incident.title} ({severity})",
        ("what", found.policy_now, found.policy_then),
        (
            (
                each.what,
                clock_s(each.now_at) if each.now_at else "not at all",
                clock_s(each.then_at) if each.then_at else "not at all",
            )
            for each in incident.differences
        ),
    )
