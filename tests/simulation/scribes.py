"""Whoever keeps the record, and is late with it: what was so earlier, what was not so after all."""

import asyncio
from datetime import datetime, timedelta
from random import Random  # noqa: TID251 - seeded, so that a seed is a history
from typing import Any

from domain.incident import Command
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.impact import StatedChanges
from domain.incident.terms import UpdateStatus
from domain.policy import Functionality, Severity
from domain.policy.audience import OURS, Audience
from simulation.world import World

PACE_S = 1_200.0
SAYS = (
    "assess",
    "assess",
    "assess",
    "decide",
    "retract",
    "retract",
    "correct",
    "remember",
    "merge",
)


class Scribe:
    """Somebody who writes down to the minute what is known of an earlier time. The dice are their
    own, so that others live through what they would have without them.
    """

    def __init__(self, world: World, incident_id: str) -> None:
        self.world, self.incident_id = world, incident_id
        self.dice = Random(f"scribe-{world.seed}-{len(world.incidents)}")
        self.begun = world.now()
        self.said = 0

    async def write(self) -> None:
        for _ in range(self.dice.randint(2, 10)):
            await asyncio.sleep(self.dice.expovariate(1 / PACE_S))
            what = self.dice.choice(SAYS)
            command: Command | None = getattr(self, f"_{what}")()
            if command is not None:
                await self._say(command)
            if isinstance(command, c.Merge):  # by mistake
                await asyncio.sleep(self.dice.uniform(5.0, 300.0))
                await self._say(c.Unmerge(reason="another database"))

    async def _say(self, command: Command) -> None:
        self.said += 1
        key = f"scribe-{self.incident_id}-{self.said}"
        await self.world.say(self.incident_id, command, key, actor="ada")

    def when(self) -> datetime:
        """A minute since just before it began."""
        since = self.begun - timedelta(minutes=5)
        spent_s = (self.world.now() - since).total_seconds()
        at = since + timedelta(seconds=self.dice.uniform(0, spent_s))
        return at.replace(second=0, microsecond=0)

    def impact(self) -> dict[str, Any]:
        stated = {
            "users_affected": self.dice.choice([0, 10, 20, 40]),
            "percent_affected": self.dice.choice([1.0, 2.0, 40.0, 100.0]),
            "functionality": self.dice.choice(list(Functionality)),
            "data_integrity_concern": self.dice.choice([True, False, False]),
        }
        name = self.dice.choice(list(stated))
        return {name: stated[name]}

    def _assess(self) -> Command:
        return c.ReassessImpact(occurred_at=self.when(), **self.impact())

    def _decide(self) -> Command:
        severity = self.dice.choice(list(Severity))
        return c.ChangeSeverity(severity=severity, reason="as reviewed", occurred_at=self.when())

    def _said(self) -> list[str]:
        """The assessments on record, by their ids."""
        stream = f"incident.{self.incident_id}"
        return [
            f"{recorded.commit.id}/{place}"
            for recorded in self.world.log.commits()
            if recorded.stream == stream
            for place, event in enumerate(recorded.commit.events)
            if isinstance(event, e.ImpactReassessed)
        ]

    def _retract(self) -> Command | None:
        found = self._said()
        return c.Retract(entry=self.dice.choice(found), reason="a wrong chart") if found else None

    def _correct(self) -> Command | None:
        found = self._said()
        if not found:
            return None
        return c.Correct(entry=self.dice.choice(found), impact=StatedChanges(**self.impact()))

    def _merge(self) -> Command:
        return c.Merge(into=self.dice.choice(self.world.incidents))

    def _remember(self) -> Command:
        """What happened days ago: that tells nobody."""
        at = self.world.now() - timedelta(days=self.dice.uniform(2.5, 4))
        if self.dice.random() < 0.5:
            return c.AddNote(text="a deploy went out", occurred_at=at)
        to = self.dice.choice([OURS, tuple(Audience)])
        status = UpdateStatus.INVESTIGATING
        return c.PostUpdate(text="it was slow", status=status, audiences=to, occurred_at=at)
