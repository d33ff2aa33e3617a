"""A state folder that release 0.1 left behind: this release shows the same, and goes on.

How it was made: tests/golden/recorded_log/README.md. The clock of the service begins where the
recording ended, so that nothing falls due meanwhile, whenever this runs.
"""

import json
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from math import isclose
from operator import itemgetter
from pathlib import Path
from typing import Any

import httpx2
import pytest

from adapters.clock import ScaledClock
from adapters.config.loading import load
from adapters.runtime.serve import running
from projections.registry import ALL
from support.patience import eventually
from support.service_process import admin_of, command, state_folder

RECORDED = Path(__file__).resolve().parents[1] / "golden" / "recorded_log"
CONFIG = RECORDED / "commandpost.toml"
POLICY = RECORDED / "policy.toml"
ENDED = datetime(2026, 11, 27, 1, tzinfo=UTC)
HEAD = 290
ADDED = 4
"""Commits of this release: a token, the configuration, and two post-mortems that are asked for."""


class Successor:
    """This release over the unpacked state."""

    def __init__(self, state: Path, http: httpx2.AsyncClient) -> None:
        self.state, self.http = state, http

    async def get(self, path: str, **query: Any) -> Any:
        response = await self.http.get(path, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    async def post(self, path: str, body: str = "{}", **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["content-type"] = "application/json"
        response = await self.http.post(path, content=body, headers=named)
        assert response.status_code in {200, 201}, response.text
        return response.json()

    async def head(self) -> int:
        return int((await self.get("/health/ready"))["log"]["head"])

    async def cli(self, *arguments: str) -> str:
        place = ("--state", str(self.state), "--config", str(CONFIG))
        done = await command(*arguments, *place, COMMANDPOST_POLICY=str(POLICY))
        assert done.status == 0, done.err
        return done.out


@pytest.fixture(scope="module")
async def successor() -> AsyncIterator[Successor]:
    async with state_folder() as state, _started(state) as found:
        yield found


@asynccontextmanager
async def _started(state: Path) -> AsyncIterator[Successor]:
    with tarfile.open(RECORDED / "state-0.1.tar.xz") as archive:
        archive.extractall(state.parent, filter="data")
    given = {"state": str(state), "policy": str(POLICY), "http": "127.0.0.1:0"}
    config = load(CONFIG, overrides=given)
    async with (
        running(config, ScaledClock(ENDED, speed=1.0)) as (_, where),
        httpx2.AsyncClient(base_url=where.http_url, timeout=20, headers=admin_of(state)) as http,
    ):
        service = Successor(state, http)
        await eventually(lambda: _is_built(service))
        yield service


async def _is_built(service: Successor) -> bool:
    models = (await service.get("/health/ready"))["read_models"].values()
    return all(model["position"] >= HEAD for model in models)


def expected(name: str) -> Any:
    return json.loads((RECORDED / "expected" / f"{name}.json").read_text())


def recorded_part(found: Any, wanted: Any) -> Any:
    """Of what was found, what the earlier release said, too: later ones may say more. A mean is the
    same up to its last digit: it depends on the order in which the database adds.
    """
    if isinstance(found, dict) and isinstance(wanted, dict):
        return {name: recorded_part(found[name], wanted[name]) for name in wanted if name in found}
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        return [recorded_part(*pair) for pair in zip(found, wanted, strict=True)]
    if isinstance(found, float) and isinstance(wanted, float) and isclose(found, wanted):
        return wanted
    return found


CORRECTED = {"Resolved: fixed by the provider": "2025-11-03T11:05:00Z"}
"""What was put right stands by now where it belongs."""


def in_the_words_of_today(entries: list[Any]) -> list[Any]:
    """Lines are worded when they are read: what is told of alerts is a sentence by now, and what
    rules have caused cites them.
    """
    words = expected("words")
    return [
        {
            **entry,
            "text": entry["text"] if by_hand(entry) else words.get(entry["text"], entry["text"]),
            "occurred_at": CORRECTED.get(entry["text"], entry["occurred_at"]),
        }
        for entry in entries
    ]


def by_hand(entry: Any) -> bool:
    """Whether a person did what the clock does elsewhere: no rule is cited."""
    return entry["kind"] == "all_clear" and entry["actor"] != "commandpost"


def assert_shown(found: Any, wanted: Any) -> None:
    assert recorded_part(found, wanted) == wanted


@pytest.mark.parametrize("reference", [f"INC-{number}" for number in range(1, 22)])
async def test_each_incident_is_as_it_was(successor: Successor, reference: str) -> None:
    shown = await successor.get(f"/v1/incidents/{reference}")
    assert_shown(shown, expected("incidents")[reference])
    timeline = await successor.get(f"/v1/incidents/{reference}/timeline")
    own = [entry for entry in timeline["entries"] if entry["origin"] is None]
    assert_shown(own, in_the_words_of_today(expected("timelines")[reference]))


@pytest.mark.parametrize("by", ["all", "severity", "service", "month"])
async def test_statistics_say_the_same(successor: Successor, by: str) -> None:
    wanted = expected("statistics")[by]
    del wanted["notes"]  # they explain the figures in words
    assert_shown(await successor.get("/v1/statistics", by=by), wanted)


async def test_signals_lie_where_they_lay(successor: Successor) -> None:
    assert_shown(await successor.get("/v1/quarantine", all=True), expected("quarantine"))
    # The alerts of one signal came the other way round before there were pages.
    # Since then each delivery has a line, what incidents were told as well.
    all_, shown = await successor.get("/v1/signals", all=True), expected("signals")
    place = itemgetter("signal", "alert", "episode")
    places = set(map(place, shown))
    found = [each for each in all_ if place(each) in places]
    since = {each["action"] for each in all_ if each not in found}
    assert since == {"told", "quarantined", "released", "discarded"}
    assert [one["signal"] for one in found] == [one["signal"] for one in shown]
    assert_shown(sorted(found, key=place), sorted(shown, key=place))


async def test_everybody_has_been_told_what_they_were_told(successor: Successor) -> None:
    listed = json.loads(await successor.cli("notifications", "list", "--format", "json"))
    assert_shown(listed, expected("notifications"))
    page = await successor.get("/status/api/v2/incidents.json")
    assert_shown(page, expected("status_page"))


async def test_read_models_agree_with_the_log_to_which_this_release_has_added_what_was_missing(
    successor: Successor,
) -> None:
    async def added() -> bool:
        return await successor.head() == HEAD + ADDED

    await eventually(added)
    verified = await successor.cli("verify")
    assert verified.count("same") == len(ALL), verified
    assert await successor.head() == HEAD + ADDED, "and no more than that"


async def test_it_goes_on(successor: Successor) -> None:
    """Last, as it changes what the others look at: numbers, keys and deadlines are still known."""
    first = json.loads((RECORDED / "inputs.jsonl").read_text().splitlines()[1])
    keyed = {
        "idempotency_key": first["headers"]["Idempotency-Key"],
        "commandpost_actor": first["headers"]["Commandpost-Actor"],
    }
    again = await successor.post("/v1/incidents", first["body"], **keyed)
    assert (again["reference"], again["outcome"]) == ("INC-1", "repeated")

    acknowledged = await successor.post("/v1/incidents/INC-3/acknowledge")
    assert (acknowledged["outcome"], acknowledged["position"]) == ("decided", HEAD + ADDED + 1)

    body = json.dumps({"title": "The web is down", "severity": "SEV1", "services": ["web"]})
    declared = await successor.post("/v1/incidents", body)
    assert declared["reference"] == "INC-22"

    async def escalated() -> bool:
        tags = [it["event"]["tag"] for it in await successor.get("/v1/incidents/INC-22/events")]
        return "incident.response_overdue.v1" in tags

    await eventually(escalated)
    await successor.post("/v1/incidents/INC-22/acknowledge")
    assert (await successor.cli("verify")).count("same") == len(ALL)
