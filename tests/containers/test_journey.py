"""The whole service over containers: declare, act, look back, rebuild, verify."""

from typing import Any

import pytest

from projections.registry import ALL
from support.service_process import Process

pytestmark = pytest.mark.docker


async def cli(service: Process, *arguments: str) -> Any:
    """What a command of the command line that must succeed says in JSON."""
    done = await service.cli(*arguments, "--format", "json")
    assert done.status == 0, done.err
    return done.json


async def test_an_incident_from_declaration_to_a_verified_rebuild(service: Process):
    declared = await cli(service, "declare", "Checkout is slow", "--users-affected", "100")
    ref = declared["reference"]
    for role in ("incident_commander", "technical_lead"):
        await service.act(ref, "assign_role", role=role, assignee="ada")
    await service.act(ref, "mitigate", mitigation="rolled back")
    resolved = await service.act(
        ref,
        "resolve",
        resolution="rolled back",
        verification="error rate 0.1 %",
        early_reason="rehearsed",
    )

    shown = await service.get(f"/v1/incidents/{ref}", min_position=resolved["position"])
    assert shown | resolved["incident"] == shown, "a question adds what is due, and who was told"
    lines = await cli(service, "timeline", ref)
    timeline = await service.get(f"/v1/incidents/{ref}/timeline", min_position=resolved["position"])
    assert timeline["entries"] == lines
    kinds = [line["kind"] for line in lines]
    assert (kinds[0], "resolved" in kinds) == ("declared", True)

    rebuilt = await cli(service, "rebuild", "--all")
    assert set(rebuilt) == {projection.name for projection in ALL}
    reopened = await service.act(ref, "reopen", reason="it is back")
    shown = await service.get(f"/v1/incidents/{ref}", min_position=reopened["position"])
    assert shown | reopened["incident"] == shown, "what was rebuilt follows the log"
    verdicts = await cli(service, "verify")
    assert {verdict["name"] for verdict in verdicts} == set(rebuilt)
    assert [verdict["differences"] for verdict in verdicts] == [[]] * len(verdicts)
    assert await service.stop() == 0
