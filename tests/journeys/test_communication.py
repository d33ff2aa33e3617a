"""Telling people, from outside: warnings beside the answer, previews, templates."""

from pathlib import Path
from typing import Any

from support.service_process import Process

VAGUE = "Some users had errors."
CODES = ["update.impact_not_specific", "update.no_next_step"]
UNREACHED = "audience.unreached"


async def test_an_update_is_posted_whatever_there_is_to_remark_on_it(service: Process, send: Any):
    declared = await send("declare", None, {"title": "Checkout is slow", "severity": "SEV3"})
    ref = declared.body["reference"]
    codes = [warning["code"] for warning in declared.body["warnings"]]
    assert codes == [UNREACHED], "no channel is configured here"
    reply = await send("post_update", ref, {"text": VAGUE})
    assert reply.body["outcome"] == "decided"
    assert [warning["code"] for warning in reply.body["warnings"]] == [*CODES, UNREACHED]
    assert reply.body["warnings"][0] == {
        "code": "update.impact_not_specific",
        "detail": "“Some users” does not say how many: state a share or a number",
        "rule": "Be specific about impact.",
    }


async def test_a_preview_shows_each_audience_its_words_and_writes_nothing(service: Process):
    ref = (await service.declare(severity="SEV1", services=["checkout"]))["reference"]
    reply = await service.post(
        f"/v1/incidents/{ref}/preview_update",
        {
            "text": "Nobody in the EU can pay. We are rolling back a change.",
            "audiences": ["engineering", "executives", "customers"],
            "headline": "Payments fail in the EU",
        },
    )
    assert reply.status == 200, reply
    assert reply.body["warnings"] == []
    messages = {each["audience"]: each for each in reply.body["messages"]}
    assert messages["engineering"]["subject"].startswith("[SEV1 UPDATE] checkout — Investigating")
    assert messages["customers"]["subject"] == "[UPDATE] Payments fail in the EU — Investigating"
    assert "SEV1" not in str(messages["customers"])
    tags = {record["event"]["tag"] for record in await service.events(ref)}
    assert "incident.update_posted.v1" not in tags


async def test_a_preview_that_cannot_be_posted_is_refused_as_the_update_would_be(
    service: Process,
):
    ref = (await service.declare())["reference"]
    for body, code in (
        ({}, "field.missing"),
        ({"text": "x", "colour": "red"}, "field.unknown"),
        ({"text": "x", "headline": "y"}, "update.headline_not_public"),
    ):
        reply = await service.post(f"/v1/incidents/{ref}/preview_update", body)
        assert reply.body["code"] == code
    nowhere = await service.post("/v1/incidents/INC-999999/preview_update", {"text": "x"})
    assert nowhere.body["code"] == "incident.unknown"


async def test_the_command_line_previews_and_warns(service: Process):
    ref = (await service.declare(severity="SEV3", services=["checkout"]))["reference"]
    shown = await service.cli("preview", "declared", ref)
    assert "--- to engineering: declared\n[SEV3] checkout — Checkout is slow\n" in shown.out
    public = await service.cli(
        "preview", "update", ref, "--text", VAGUE, "--audience", "customers", "--headline", "Slow",
    )  # fmt: skip
    assert "--- to customers: update\n[UPDATE] Slow — Investigating\n" in public.out
    assert all(code in public.err for code in CODES)
    acted = await service.cli("act", "post_update", ref, f"text={VAGUE}")
    assert acted.status == 0
    assert all(code in acted.err for code in CODES)
    none = await service.cli("preview", "resolved", ref)
    assert (none.status, none.out) == (3, "")
    assert "preview.no_such_news [kind]: there is no news of kind resolved" in none.err


async def test_templates_are_listed_shown_and_checked(service: Process, tmp_path: Path):
    listed = await service.cli("templates", "list", "--format", "json")
    assert {"audience": "customers", "kind": "update", "template": "customers.update.j2",
            "own": False} in listed.json  # fmt: skip
    shown = await service.cli("templates", "show", "declared")
    assert shown.out.startswith("**Subject**: [{{ severity }}]")
    (tmp_path / "declared.j2").write_text(shown.out)
    sound = await service.cli("templates", "check", str(tmp_path))
    assert (sound.status, sound.out) == (0, "1 template of yours can be used.\n")
    (tmp_path / "update.j2").write_text("**Subject**: {{ tilte }}\n\n{{ text }}")
    broken = await service.cli("templates", "check", str(tmp_path), "--format", "json")
    assert broken.status == 1
    assert broken.json == [
        {"template": "update.j2", "reason": "UndefinedError: 'tilte' is undefined"}
    ]
    nowhere = await service.cli("templates", "check", str(tmp_path / "nowhere"))
    assert (nowhere.status, "templates.folder: cannot read" in nowhere.err) == (1, True)
