"""The command line beside a running service: every command, what it prints, how it ends."""

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

import pytest

from projections.registry import ALL
from support.patience import PATIENT_S, eventually
from support.service_process import PROGRAM, Finished, Process, command, environment
from support.webhooks import case, deliver

NAMES = {projection.name for projection in ALL}


async def test_declare_and_act_write_what_http_reads(service: Process, unique: str):
    key = ("--key", unique, "--format", "json")
    declared = await service.cli(
        "declare", f"From the command line {unique}", "--severity", "SEV3", "--service", "shop",
        "--service", "cart", "--users-affected", "100", "--percent-affected", "2.5",
        "--occurred-at", "2026-05-04T12:00:00Z", "--actor", "ada", *key,
    )  # fmt: skip
    assert (declared.status, declared.err) == (0, "")
    answer = declared.json
    assert answer["outcome"] == "decided"
    assert answer["incident"]["services"] == ["shop", "cart"]
    assert answer["incident"]["impact"] == {"users_affected": 100, "percent_affected": 2.5}
    again = await service.cli("declare", f"From the command line {unique}", "--severity", "SEV3",
        "--service", "shop", "--service", "cart", "--users-affected", "100",
        "--percent-affected", "2.5", "--occurred-at", "2026-05-04T12:00:00Z", "--actor", "ada",
        *key,
    )  # fmt: skip
    assert again.json["outcome"] == "repeated"
    assert again.json["id"] == answer["id"]

    ref = answer["reference"]
    acted = await service.cli(
        "act", "reassess_impact", ref, "users_affected=200", "--format", "json"
    )
    assert acted.json["events"] == [
        "incident.impact_reassessed.v1",
        "incident.severity_upgraded.v1",
    ]
    said = await service.cli("act", "add_note", ref, "text=1 = 1", "--actor", "lin")
    assert said.out.startswith(f"{ref} SEV2 investigating: From the command line")
    last = (await service.events(ref))[-1]
    assert (last["actor"], last["event"]["text"]) == ("lin", "1 = 1")
    shown = await service.cli("show", ref)
    assert shown.json == await service.get(f"/v1/incidents/{ref}", min_position=last["position"])


async def test_verbs_from_a_machine_with_nothing_but_a_url_and_a_token(
    service: Process, unique: str, tmp_path: Path
):
    """An incident from its declaration to its end; `act` says the same as a verb."""

    async def said(*words: str, status: int = 0) -> Finished:
        done = await command(
            *words,
            program=("env", "-C", str(tmp_path), PROGRAM),
            COMMANDPOST_URL=service.where["http_url"],
            COMMANDPOST_TOKEN=service.token,
        )
        assert done.status == status, done
        return done

    title = f"From a laptop {unique}"
    words = ("severity=sev3", "services=shop,cart", "impact.users_affected=3", "occurred_at=10m")
    declared = (await said("declare", title, *words, "-o", "json")).json
    ref = declared["reference"]
    assert declared["incident"]["services"] == ["shop", "cart"]
    assert declared["incident"]["declared_by"] == "admin"
    await said("acknowledge", ref)
    await said("assign-role", ref, "role=incident-commander", "assignee=Ada", "--actor", "Ada")
    await said("change-severity", ref, "--severity", "sev2", "--reason", "as seen")
    listed = (await said("incidents", "-o", "tsv")).out.splitlines()
    (row,) = [line.split("\t") for line in listed if title in line]
    shown = dict(zip(listed[0].split("\t"), row, strict=True))
    assert (shown["reference"], shown["severity"], shown["acknowledged"]) == (ref, "SEV2", "admin")
    assert (shown["commander"], shown["age"]) == ("Ada", "10 min")
    refused = await said("resolve", ref, "resolution=rolled back", status=3)
    assert refused.err.startswith("commandpost: ")
    await said("act", "cancel", ref, "reason=a test")
    assert ref not in (await said("incidents")).out
    assert ref in (await said("incidents", "--all")).out
    timeline = (await said("timeline", ref)).out
    assert "admin (admin), acting as admin" in (await said("whoami")).out
    assert [line for line in timeline.splitlines() if "Acknowledged" in line]
    assert (await said("show", ref)).json["status"] == "canceled"
    lost = await said("rebuild", "board", status=2)
    assert "rebuild board needs the servers of the service" in lost.err


async def test_a_timeline_is_followed(service: Process, unique: str):
    """What is there, and then each line once, as it comes."""
    ref = (await service.declare(f"Followed {unique}"))["reference"]
    process = await asyncio.create_subprocess_exec(
        PROGRAM, "timeline", ref, "--follow", "--state", str(service.state),
        stdout=asyncio.subprocess.PIPE, env=environment(),
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(PATIENT_S):
        assert b"declared" in await process.stdout.readline()
        await service.act(ref, "add_note", text=f"seen {unique}")
        assert f"seen {unique}".encode() in await process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 130


async def test_incidents_and_stats_in_both_formats(service: Process, unique: str):
    declared = await service.declare(f"Listed {unique}", severity="SEV1", kind="test")
    ref, position = declared["reference"], declared["position"]
    await service.get("/v1/statistics", min_position=position)
    listed, table, stats, shown = await asyncio.gather(
        service.cli("incidents", "--status", "open", "--severity", "SEV1", "--format", "json"),
        service.cli("incidents", "--limit", "5"),
        service.cli("stats", "--by", "severity", "--format", "json"),
        service.cli("stats"),
    )
    (found,) = [each for each in listed.json if each["id"] == declared["incident"]["id"]]
    assert declared["incident"].items() <= found.items()
    assert f"Listed {unique}" in table.out
    assert ref in table.out
    assert stats.json == await service.get("/v1/statistics", by="severity")
    assert "median" in shown.out
    assert [each.status for each in (listed, table, stats, shown)] == [0] * 4


async def test_timeline_in_three_formats_and_two_pasts(service: Process):
    declared = await service.declare("A | pipe", occurred_at="2026-05-04T12:00:00Z")
    ref = declared["reference"]
    await service.act(ref, "add_note", text="one | two\nthree", occurred_at="2026-05-04T12:05:00Z")
    table, markdown, as_json, then = await asyncio.gather(
        service.cli("timeline", ref),
        service.cli("timeline", ref, "--format", "markdown"),
        service.cli("timeline", declared["id"], "--format", "json"),
        service.cli(
            "timeline", ref, "--as-of", "2026-05-04T12:01:00Z", "--known-at",
            "2100-01-01T00:00:00Z", "--format", "json",
        ),
    )  # fmt: skip
    assert "2026-05-04 12:05:00" in table.out
    assert markdown.out.splitlines()[:4] == [
        f"## {ref} SEV2 investigating: A &#124; pipe", "",
        "| Time (UTC) | Who | Event |", "|---|---|---|",
    ]  # fmt: skip
    assert "| 2026-05-04 12:05:00 | admin | one &#124; two<br>three |" in markdown.out.splitlines()
    assert as_json.json == (await service.get(f"/v1/incidents/{ref}/timeline"))["entries"]
    assert [line["kind"] for line in then.json] == ["declared"]


async def test_nothing_printed_can_steer_a_terminal(service: Process):
    """Titles and notes come from outside."""
    evil = "\x1b[31mred\x1b[0m\x1b]0;owned\x07\x9b31m [bold]x[/bold]"
    ref = (await service.declare(evil, services=[evil]))["reference"]
    answer = await service.act(ref, "add_note", text=evil)
    await service.get("/v1/incidents", min_position=answer["position"])
    for finished in await asyncio.gather(
        service.cli("timeline", ref),
        service.cli("timeline", ref, "--format", "markdown"),
        service.cli("incidents", "--limit", "3"),
        service.cli("act", "add_note", ref, "text=x"),
        service.cli("show", ref),
    ):
        assert finished.status == 0
        assert not set("\x1b\x07\x9b") & set(finished.out)
        assert "[bold]x[/bold]" in finished.out.replace("\\[", "[").replace("\\]", "]")


async def test_rebuild_and_verify(service: Process):
    """Beside the running service, which goes on."""
    await service.declare("Before")
    verified = await service.cli("verify", "--format", "json")
    assert verified.status == 0, verified.err
    assert {one["name"] for one in verified.json} == NAMES
    rebuilt = await service.cli("rebuild", "--all", "--format", "json")
    assert rebuilt.status == 0, rebuilt.err
    assert rebuilt.json == {one["name"]: one["checksums"] for one in verified.json}
    one, table = await asyncio.gather(
        service.cli("rebuild", "board"), service.cli("verify", "timeline", "board")
    )
    assert "board" in one.out
    assert table.out.count("same") == 2
    answer = await service.declare("After")
    await service.get("/v1/incidents", min_position=answer["position"])


async def test_the_quarantine(service: Process, unique: str):
    """Listed with the reason, shown as it came, replayed, given up."""
    body = f"not JSON {unique} \x1b[31m".encode() + b"\xff"
    position = (await deliver(service, body)).body["position"]
    await case(service, position)
    listed, table, shown, raw, replayed = await asyncio.gather(
        service.cli("quarantine", "list", "--format", "json"),
        service.cli("quarantine", "list"),
        service.cli("quarantine", "show", str(position)),
        service.cli("quarantine", "show", str(position), "--raw"),
        service.cli("quarantine", "replay", str(position), "--format", "json"),
    )
    (row,) = [row for row in listed.json if row["position"] == position]
    assert row["code"] == "body.not_json"
    assert "body.not_json" in table.out
    assert "\x1b" not in table.out
    assert shown.out == f"not JSON {unique} \\x1b[31m\\xff\n"
    assert raw.raw == body
    assert replayed.status == 1
    assert replayed.json[str(position)]["outcome"] == "quarantined"
    assert (await service.cli("quarantine", "discard", str(position), "a test")).status == 0

    async def gone() -> bool:
        return (await case(service, position))["status"] == "discarded"

    await eventually(gone)
    everything = await service.cli("quarantine", "list", "--all", "--format", "json")
    (row,) = [row for row in everything.json if row["position"] == position]
    assert (row["status"], row["note"]) == ("discarded", "a test")


async def test_notifications_list_is_empty_without_channels(service: Process):
    listed = await service.cli("notifications", "list", "--format", "json")
    assert (listed.status, listed.json) == (0, [])


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("timeline", "INC-999999"), 4, "incident.unknown [incident]: there is no incident"),
        (("show", "0198c9f8-0000-7000-8000-000000000000"), 4, "incident.unknown [incident]"),
        (("timeline", "INC-1", "--as-of", "soon"), 2, "'soon' is no time: write one like 2026-11"),
        (("incidents", "--status", "asleep"), 3, "query.invalid [status]"),
        (("declare", "x", "--percent-affected", "101"), 3, "[impact.percent_affected]"),
        (("declare", "x", "--occurred-at", "2999-01-01T00:00:00Z"), 3, "time.in_future [occurred_"),
        (("declare", "x", "--key", "a b"), 3, "idempotency.invalid_key [Idempotency-Key]"),
        (("declare", "x", "severity=SEV9"), 2, "SEV9 is none of SEV1, SEV2, SEV3, SEV4"),
        (("act", "explode", "INC-1"), 2, "command.unknown [command]"),
        (("aknowledge", "INC-1"), 2, "there is no command aknowledge; did you mean acknowledge"),
        (("act", "add_note", "INC-1", "text"), 2, "'text' is not NAME=VALUE"),
        (("add-note", "INC-1", "txt=x"), 2, "there is no field txt: its fields are "),
        (("add-note", "INC-1", "text=x", "text=y"), 2, "text is given twice"),
        (("resolve", "INC-1"), 2, "resolve: resolution=… is required"),
        (("resolve",), 2, "resolve: name the one that it is for, such as INC-1, first"),
        (("act", "merge", "INC-1", "into=INC-1"), 3, "incident.merge_into_itself [into]"),
        (("person", "marry", "ada"), 2, "there is no command person marry"),
        (("incidents", "--url", "http://127.0.0.1:1"), 6, "no answer from http://127.0.0.1:1"),
        (("incidents", "--profile", "work"), 2, "there is no profile work"),
        (("rebuild",), 1, "name projections, or --all"),
        (("import", "yahoo-status", "x.json"), 1, "there is no feed yahoo-status"),
        (("import", "gcp-status", "/nowhere.json"), 1, "cannot read /nowhere.json"),
        (("quarantine", "replay", "999999"), 4, "signal.unknown [position]"),
        (("quarantine", "discard", "999999", "so"), 4, "there is no signal 999999"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
async def test_what_cannot_be_done_is_said_in_one_line(
    service: Process, arguments: tuple[str, ...], status: int, said: str
):
    """One line on standard error, nothing on standard output, and an exit status of its own."""
    await first_incident(service)
    finished = await service.cli(*arguments)
    assert (finished.status, finished.out) == (status, "")
    assert finished.err.startswith("commandpost: ")
    assert said in finished.err
    assert len(finished.err.splitlines()) == 1


async def first_incident(service: Process) -> None:
    response = await service.http.get("/v1/incidents/INC-1/events")
    if response.status_code == 404:
        await service.declare("The first")


@pytest.mark.parametrize(
    "arguments",
    [("explode",), ("declare",), ("declare", "x", "--severity", "SEV9"), ("stats", "--by", "mood"),
     ("incidents", "--colour", "red"), ("incidents", "--format", "xml")],
)  # fmt: skip
async def test_wrong_usage_is_status_2(arguments: tuple[str, ...]):
    finished = await command(*arguments)
    assert finished.status == 2
    assert finished.out == ""
    assert finished.err
    assert "Traceback" not in finished.err


async def test_help_and_version():
    helped, version = await asyncio.gather(command("--help"), command("--version"))
    assert helped.status == version.status == 0
    for name in ("up", "demo", "timeline", "import", "rebuild", "verify", "quarantine", "stats",
                 "declare"):  # fmt: skip
        assert name in helped.out
    assert version.out.strip() == "0.1.0"


async def test_a_reader_that_goes_away_is_no_fault(service: Process):
    """`commandpost timeline … | head -1`."""
    await first_incident(service)
    process = await asyncio.create_subprocess_shell(
        f"{PROGRAM} timeline INC-1 --state {service.state} | true",
        stderr=asyncio.subprocess.PIPE,
        env=environment(),
    )
    _, err = await process.communicate()
    assert err == b""


async def test_an_import_is_complete_and_repeats_nothing(service: Process, tmp_path: Any):
    """As GitHub publishes an incident. A line that is not understood is told, and is status 1."""
    feed = tmp_path / "status.jsonl"
    feed.write_text(json.dumps(GITHUB) + "\n")
    first = await service.cli("import", "github-status", str(feed), "--format", "json")
    assert first.status == 0, first
    assert (first.json["incidents"], first.json["declared"]) == (1, 1)
    assert first.json["written"] >= 3
    again = await service.cli("import", "github-status", str(feed), "--format", "json")
    assert (again.json["declared"], again.json["written"]) == (0, 0)
    assert again.json["already_there"] == first.json["written"] + first.json["already_there"]
    found = await service.get(
        "/v1/incidents", as_of="2025-03-01T09:30:00Z", status="open",
        min_position=await service.head(),
    )  # fmt: skip
    (shown,) = [one for one in found["incidents"] if one["title"] == GITHUB["title"]]
    (event, *_) = await service.events(shown["id"])
    assert event["event"]["occurred_at"] == "2025-03-01T09:00:00Z"
    assert event["recorded_at"] > "2026"

    feed.write_text(json.dumps(GITHUB) + "\n{oops\n")
    faulty = await service.cli("import", "github-status", str(feed))
    assert faulty.status == 1
    assert "not understood" in faulty.out


GITHUB: dict[str, Any] = {
    "id": "77",
    "title": "Incident with Widgets",
    "url": "https://status.example/77",
    "started_at": "2025-03-01T09:00:00+00:00",
    "resolved_at": "2025-03-01T10:00:00+00:00",
    "updated_at": None,
    "impact": "minor",
    "components": ["Widgets"],
    "impact_window": None,
    "updates": [
        {"at": "2025-03-01T09:00:00+00:00", "status": "Investigating", "message": "We look."},
        {"at": "2025-03-01T10:00:00+00:00", "status": "Resolved", "message": "It is over."},
    ],
}
