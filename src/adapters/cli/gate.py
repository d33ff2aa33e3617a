"""The deploy gate, on the command line and in pipelines."""

import sys
from typing import Annotated, Literal

from cyclopts import Parameter

from adapters.cli import tables
from adapters.cli.explaining import explain_failures
from adapters.cli.session import DEFAULTS, Options, connected, viewing
from domain.slo.tracking.deploy_gate import ChangeKind
from handlers.entrance.deploy_gates import GateAnswer, gate_of

MAY_NOT, NOT_ASKED = 1, 2


async def gate(
    service: Annotated[str, Parameter(help="By slug, or as it is called.")],
    *,
    change: Annotated[ChangeKind, Parameter(help="What the deployment is for.")] = "feature",
    format: Literal["table", "json"] = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Say whether a service may be deployed, by what remains of its error budgets. The exit status
    is 0 where it may, 1 where it may not, and 2 where it could not be asked.
    """
    try:
        with explain_failures():
            found = await _asked(service, change, options)
    except SystemExit:  # nothing is known: a pipeline is not told that it may not
        sys.exit(NOT_ASKED)
    if format == "json":
        tables.as_json(found)
    else:
        for line in _lines(found):
            tables.say(line)
    if not found.may_deploy:
        sys.stdout.flush()
        sys.exit(MAY_NOT)


async def _asked(service: str, change: ChangeKind, options: Options) -> GateAnswer:
    async with connected(options) as parts:
        viewer = await viewing(parts)
        return await gate_of(parts.service, service, change, viewer, parts.clock.now())


def _lines(found: GateAnswer) -> list[str]:
    may = "may" if found.may_deploy else "may not"
    lines = [f"{found.service} {may} be deployed ({found.change})", f"  {found.why}"]
    lines += [f"  agreed: {each.team_says}" for each in found.objectives if each.team_says]
    if found.who_may_override:
        lines.append(f"  who may override: {found.who_may_override}")
    return lines
