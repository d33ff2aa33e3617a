"""`commandpost demo`: watch a published outage go through the service, end to end."""

import asyncio
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from adapters.cli import tables
from adapters.cli.session import caught_up, registry_in_use
from adapters.config.settings import Config, ConfigFault, LogSettings
from adapters.demo.github_2018 import PAGE_ID, STEPS, Step
from adapters.embedded import erase_data
from adapters.main import Core
from adapters.products.console.settings import ConsoleSettings
from adapters.products.kit.settings import Source
from adapters.runtime.state_file import service_in
from adapters.telemetry import configure_logging
from domain.incident import INCIDENT
from domain.incident.alerts.alert import Opens
from domain.incident.milestones import Milestones
from domain.sight import SERVICE
from handlers.queries.incidents import replay_incident
from projections.incident.board import SHOW_INCIDENT
from projections.incident.figures import DURATIONS_OF_PERIOD
from projections.incident.incident_list import INCIDENTS
from projections.incident.statistics import durations
from projections.outbox.deliveries import deliveries_about
from projections.past import NOW, Cut

SETTLE_S = 10.0
STATE = ".commandpost/demo"
MARK = "made-by-the-demo"
ASKED = datetime.fromisoformat("2018-10-21T23:10:00+00:00")


async def demo(
    *,
    speed: Annotated[float, Parameter(help="Times as fast as it happened.")] = 7_000.0,
    http: Annotated[str, Parameter(help="HOST:PORT to listen on; 0: any free port.")] = (
        "127.0.0.1:0"
    ),
    state: Annotated[
        str, Parameter(help="Folder for a fresh state; one of an earlier demo is emptied.")
    ] = STATE,
) -> None:
    """Play GitHub's outage of 21 October 2018 through real servers: pages by signed webhook,
    commands over HTTP, notifications, and the timeline folded from the log.
    """
    # Here, so that other commands, which need no HTTP server, start in half the time.
    from adapters.demo.play import SECRET, SOURCE, play  # noqa: PLC0415
    from adapters.runtime.admin_token import read_admin_token  # noqa: PLC0415
    from adapters.runtime.serve import running  # noqa: PLC0415

    configure_logging(LogSettings(format="console", level="error"))
    _empty(Path(state))
    config = Config(
        state=state,
        http=http,
        sources={SOURCE: Source(kind="pagerduty", secrets=(SECRET,), opens=Opens.TRIAGE)},
        channels={"console": ConsoleSettings(audiences=("engineering", "executives"))},
    )
    out = tables.console()
    out.print("Starting NATS JetStream, PostgreSQL and the service …")
    async with running(config, registry=registry_in_use()) as (parts, where):
        await caught_up(parts, *(each.projection.name for each in parts.registry.read_models))
        out.print(f"Ready at {where.http_url}. Playing 24 hours at {speed:g} times their speed.\n")
        token = read_admin_token(Path(state)) or ""
        incident_id = await play(where.http_url, token, STEPS, PAGE_ID, speed, _say)
        await _wait_until_settled(parts, incident_id)
        await _report(parts, incident_id)
    out.print(f"\nLook around: {sys.argv[0]} up --state {state}", soft_wrap=True)


def _empty(state: Path) -> None:
    """A fresh folder, in place of one that an earlier demo has left and nobody uses."""
    found = service_in(state)
    if found:
        raise ConfigFault(f"{state} is in use by process {found.pid}; stop it first")
    if state.exists() and any(state.iterdir()) and not (state / MARK).exists():
        raise ConfigFault(f"{state} holds something that no demo has made; choose another folder")
    erase_data(state)
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir(parents=True)
    (state / MARK).write_text("A demo made this folder, and the next one empties it.\n")


def _say(step: Step, outcome: str) -> None:
    what = "signed webhook" if step.via == "page" else step.via.replace("_", " ")
    tables.console().print(f"{tables.at(step.at)}  {step.actor:22} {what:20} {outcome}")


async def _wait_until_settled(parts: Core, incident_id: str) -> None:
    """Let the notifications out and the read models catch up, before we ask them."""
    async with asyncio.timeout(SETTLE_S):
        await parts.service.reach("intents", await parts.store.head())
        quiet = 0
        while quiet < 3:
            head = await parts.store.head()
            await asyncio.sleep(0.25)
            quiet = quiet + 1 if await parts.store.head() == head else 0
        await caught_up(parts, "board", "due", "told", "timeline", "statistics", "deliveries")
    assert await parts.service.read_models.ask(SERVICE, SHOW_INCIDENT, id=incident_id)


async def _report(parts: Core, incident_id: str) -> None:
    read_models = parts.service.read_models
    print()
    board = await parts.service.ask(INCIDENTS, {}, SERVICE)
    tables.board(board.items, parts.clock.now())
    whole = await replay_incident(parts.store, incident_id, NOW)
    assert whole.shown is not None
    print()
    tables.timeline(f"{whole.shown.reference}: the timeline, from the log", whole.timeline)
    then = await replay_incident(parts.store, incident_id, Cut(as_of=ASKED))
    assert then.shown is not None
    print()
    tables.console().print(
        f"As of {tables.at(ASKED)}: {then.shown.severity.value}, {then.shown.status}, "
        f"{len(then.timeline)} entries."
    )
    print()
    by_severity = await parts.service.ask(DURATIONS_OF_PERIOD, {"by": ["severity"]}, SERVICE)
    tables.statistics(by_severity.answer)
    _headline(whole.shown.milestones)
    sent = await read_models.ask(SERVICE, deliveries_about(INCIDENT), id=incident_id)
    print()
    tables.deliveries(sent)


def _headline(milestones: Milestones) -> None:
    known = durations(milestones)
    for name, label in (("ttd", "TTD"), ("ttresolve", "TTResolve")):
        value = known[name]
        assert value is not None
        tables.console().print(f"{label} = {value / 60:,.0f} min")
