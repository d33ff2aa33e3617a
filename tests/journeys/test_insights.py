"""Figures, patterns, alerts and reviews of a service: over HTTP as on the command line."""

import json
from typing import Any

import pytest

from support.service_process import Process

YEAR = {"from": "2013-01-01T00:00:00Z", "to": "2014-01-01T00:00:00Z"}
DAYS = ("--from", YEAR["from"], "--to", YEAR["to"])


@pytest.fixture(scope="module")
async def told(service: Process) -> Any:
    """Two incidents of 2013, of which no other test tells, one of them private."""
    made: Any = None
    hidden = {"private": {"people": ["hr"]}}
    for title, more in (("The queue is full", {}), ("Salaries leaked", hidden)):
        made = await service.declare(
            title, severity="SEV1", kind="retrospective", services=["queue-2013"],
            occurred_at="2013-05-06T10:05:00Z", impact_started_at="2013-05-06T10:00:00Z", **more,
        )  # fmt: skip
    return made


async def test_each_question_names_its_incidents_and_none_that_is_private(
    service: Process, told: Any
):
    position = told["position"]
    figures = await service.get("/v1/figures", by="service", min_position=position, **YEAR)
    [group] = figures["groups"]
    assert (group["group"], len(group["incidents"]), group["open"]) == ("queue-2013", 1, 1)
    patterns = await service.get("/v1/patterns", **YEAR)
    assert (patterns["incidents"], patterns["weekdays"]["Monday"]) == (1, 1)
    assert await service.get("/v1/alert-quality", **YEAR) == []
    review = await service.get("/v1/reviews/quarter", of="2013-Q2")
    assert [each["title"] for each in review["incidents"]] == ["The queue is full"]
    week = await service.get("/v1/reviews/week", of="2013-W19")
    assert week["incidents"] == review["incidents"]
    assert told["reference"] not in json.dumps([figures, patterns, review, week])


async def test_the_command_line_answers_the_same(service: Process, told: Any):
    asked = {
        command: await service.get(path, min_position=told["position"], **YEAR)
        for path, command in (
            ("/v1/figures", "figures"),
            ("/v1/patterns", "patterns"),
            ("/v1/alert-quality", "alerts"),
        )
    }
    review = await service.get("/v1/reviews/quarter", of="2013-Q2")
    for command, answer in asked.items():
        done = await service.cli("stats", command, *DAYS, "--format", "json")
        assert done.json == answer
    assert "queue-2013" in (await service.cli("stats", "figures", "--by", "service", *DAYS)).out
    done = await service.cli("review", "quarter", "2013-Q2", "--format", "json")
    assert {**done.json, "as_of": None, "scorecard": None} == {
        **review, "as_of": None, "scorecard": None,
    }  # fmt: skip
    shown = await service.cli("review", "week", "2013-W19")
    assert "# Weekly incident digest 2013-W19" in shown.out
    assert "The queue is full" in shown.out


async def test_other_forms_and_what_cannot_be_asked(service: Process, told: Any):
    drawn = await service.http.get("/v1/figures", params={"format": "svg", **YEAR})
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    page = await service.http.get("/v1/reviews/week", params={"of": "2013-W19", "format": "html"})
    assert page.text.startswith("<!doctype html>")
    for path, given, field in (
        ("/v1/figures", {"by": "mood"}, "by"),
        ("/v1/figures", {"by": "all,team"}, "by"),
        ("/v1/figures", {"series": "mttr"}, "series"),
        ("/v1/figures", {"quantile": "2"}, "quantile"),
        ("/v1/figures", {"within": "-1"}, "within"),
        ("/v1/figures", {"from": YEAR["to"], "to": YEAR["from"]}, "from"),
        ("/v1/reviews/quarter", {"of": "2013-W19"}, "of"),
        ("/v1/reviews/year", {}, "kind"),
    ):
        answer = await service.http.get(path, params=given)
        assert (answer.status_code, answer.json()["field"]) == (422, field), path
