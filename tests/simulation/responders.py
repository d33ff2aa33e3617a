"""People who respond to incidents, well or badly, and in no particular order."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from domain.incident import Command
from domain.incident import commands as c
from domain.incident.events import Kind, Milestone
from domain.incident.impact import StatedImpact
from domain.policy import Functionality, Role, Severity
from domain.policy.audience import OURS, Audience
from simulation.world import World

PACES_S = (60.0, 240.0, 600.0, 2400.0, 7200.0)
DAY_S = 86_400.0
LONGEST_H = 14.0
"""After that somebody puts an end to most incidents, so that not all breach for ever."""
KINDS = [Kind.STANDARD] * 9 + [
    Kind.DRILL,
    Kind.DRILL,
    Kind.RETROSPECTIVE,
    Kind.MAINTENANCE,
    Kind.TEST,
]
WEIGHTS: dict[str, float] = {
    "acknowledge": 3,
    "assign": 4,
    "hand_over": 1,
    "unassign": 1,
    "reassess": 4,
    "change_severity": 4,
    "open_hypothesis": 5,
    "close_hypothesis": 4,
    "update": 6,
    "identify": 1.5,
    "withdraw": 1,
    "mitigate": 2,
    "did_not_hold": 2,
    "resolve": 2,
    "reopen": 2,
    "cancel": 0.4,
    "merge": 0.4,
    "unmerge": 0.4,
    "escalate": 1,
    "all_clear": 1,
    "postmortem": 1,
    "record": 1,
    "correct": 1.5,
    "log": 1,
}

ANSWERS = {
    "response": ["acknowledge", "change_severity"],
    "escalation-level": ["acknowledge", "change_severity", "escalate"],
    "escalation-response": ["acknowledge", "resolve"],
    "root-cause": ["identify", "mitigate"],
    "escalation-cause": ["identify", "mitigate", "escalate"],
    "timebox": ["close_hypothesis"],
    "cadence": ["update", "update", "change_severity"],
    "first-update": ["update", "change_severity"],
    "customer-update": ["update", "reassess"],
    "monitoring": ["resolve", "mitigate", "did_not_hold", "correct"],
    "all-clear": ["all_clear", "reopen", "did_not_hold", "correct"],
    "postmortem": ["postmortem", "reopen"],
    "record": ["record", "reopen"],
}
"""What somebody does at the last moment, by the name of the timer."""


class Responder:
    """Somebody on one incident, with habits of their own: some things often, some never."""

    def __init__(self, world: World, incident_id: str) -> None:
        self.world = world
        self.dice = world.dice.random
        self.incident_id = incident_id
        self.said = 0
        self.people = self.dice.sample(["ada", "grace", "alan", "barbara", "edsger"], 2)
        habits = [0.0, 0.3, 1.0, 1.0, 3.0]
        self.weights = {what: often * self.dice.choice(habits) for what, often in WEIGHTS.items()}
        self.pace_s = self.dice.choice(PACES_S)

    async def respond(self) -> None:
        """From the beginning to some end."""
        world, begun = self.world, self.world.now()
        if self.dice.random() < 0.5:
            for role in (Role.INCIDENT_COMMANDER, Role.TECHNICAL_LEAD):
                await world.say(self.incident_id, c.AssignRole(role=role, assignee="ada"))
        for _ in range(self.dice.randint(3, 30)):
            command = await self.in_the_nick_of_time() if self.dice.random() < 0.3 else None
            if command is None:
                await asyncio.sleep(world.dice.after_s(self.pace_s))
                command = self.next_command()
            if world.now() - begun > timedelta(hours=LONGEST_H):
                break
            who = self.dice.choice(self.people)
            await world.say(self.incident_id, command, actor=who)
        await asyncio.sleep(world.dice.after_s(3 * 3600))
        if self.dice.random() < 0.85:
            over = c.Resolve(resolution="over", override="nobody works on it any more")
            await world.say(self.incident_id, over)

    async def in_the_nick_of_time(self) -> Command | None:
        """What answers the next deadline, just as it expires. None: there is none soon."""
        timer = self.world.timers.soonest(self.incident_id)
        until_s = (timer.due_at - self.world.now()).total_seconds() if timer else DAY_S
        if timer is None or until_s > DAY_S / 4:
            return None
        await asyncio.sleep(max(0.0, until_s + self.dice.uniform(-0.1, 0.3)))
        return self.command(self.dice.choice(ANSWERS[timer.name]))

    def next_command(self) -> Command:
        total = sum(self.weights.values())
        if not total:
            return c.AddNote(text="nothing to do")
        [what] = self.dice.choices(list(self.weights), list(self.weights.values()))
        return self.command(what)

    def command(self, what: str) -> Command:
        self.said += 1
        action: Callable[[], Command] = getattr(self, f"_{what}")
        return action()

    def when(self) -> datetime | None:
        """Most is told at once, some only afterwards."""
        throw = self.dice.random()
        if throw < 0.85:
            return None
        return self.ago(3600.0 if throw < 0.98 else 86_400.0)

    def ago(self, longest_s: float) -> datetime:
        return self.world.now() - timedelta(seconds=self.dice.uniform(0, longest_s))

    def override(self) -> str | None:
        """Half of them know how to go past what holds them up, and do."""
        return self.dice.choice([None, "alone on call"])

    def declare(self) -> c.Declare:
        throw, severity = self.dice.random(), self.dice.choice([None, *Severity])
        occurred_at = None if throw < 0.85 else self.ago(7200.0)
        if throw > 0.95:
            occurred_at = self.world.now() - timedelta(days=self.dice.uniform(2.5, 9))
        return c.Declare(
            title="Checkout fails",
            severity=severity,
            kind=self.dice.choice(KINDS),
            occurred_at=occurred_at,
            impact=StatedImpact(**self.impact()) if self.dice.random() < 0.5 else StatedImpact(),
        )

    def impact(self) -> dict[str, Any]:
        choose = self.dice.choice
        stated = {
            "users_affected": choose([0, 10, 20, 40, 80, 1000]),
            "percent_affected": choose([1.0, 2.0, 20.0, 40.0, 100.0]),
            "scope": choose([1, 2, 4]),
            "regions": choose([5, 10]),
            "tenants": choose([10, 40]),
            "functionality": choose(list(Functionality)),
            "paying_customers": choose([True, False]),
            "customer_reported": choose([True, False]),
            "data_integrity_concern": choose([True, False, False, False]),
            "security_breach": choose([True, False, False, False]),
        }
        return {name: stated[name] for name in self.dice.sample(list(stated), 2)}

    def _acknowledge(self) -> Command:
        return c.Acknowledge(occurred_at=self.when(), confirm=self.dice.random() < 0.5)

    def _assign(self) -> Command:
        roles = [Role.INCIDENT_COMMANDER, Role.TECHNICAL_LEAD, *Role]
        return c.AssignRole(role=self.dice.choice(roles), assignee=self.dice.choice(self.people))

    def _hand_over(self) -> Command:
        role, assignee = self.dice.choice(list(Role)), self.dice.choice(self.people)
        return c.HandOverRole(role=role, assignee=assignee)

    def _unassign(self) -> Command:
        needed = [Role.INCIDENT_COMMANDER, Role.TECHNICAL_LEAD]
        return c.UnassignRole(role=self.dice.choice(needed), occurred_at=self.when())

    def _reassess(self) -> Command:
        if self.dice.random() < 0.5:
            return c.ReassessImpact(**self.impact())
        figure = self.dice.choice(["users_affected", "regions", "tenants"])
        return c.ReassessImpact(**{figure: self.dice.choice([5, 10, 20, 40, 80])})

    def _change_severity(self) -> Command:
        return c.ChangeSeverity(severity=self.dice.choice(list(Severity)), reason="reviewed")

    def _open_hypothesis(self) -> Command:
        return c.OpenHypothesis(
            statement=f"idea {self.said}", occurred_at=self.when(), override=self.override()
        )

    def _close_hypothesis(self) -> Command:
        name = f"H{self.dice.randint(1, 3)}"
        return self.dice.choice(
            [
                c.ConfirmHypothesis(hypothesis=name, finding="it is", override=self.override()),
                c.RejectHypothesis(hypothesis=name, finding="it is not"),
                c.AbandonHypothesis(hypothesis=name, reason="pivot"),
            ]
        )

    def _update(self) -> Command:
        audiences = self.dice.choice([OURS, OURS, tuple(Audience), (Audience.CUSTOMERS,)])
        text = f"update {self.said}"
        return c.PostUpdate(text=text, audiences=audiences, occurred_at=self.when())

    def _identify(self) -> Command:
        return c.IdentifyRootCause(
            cause=f"cause {self.said}", occurred_at=self.when(), override=self.override()
        )

    def _mitigate(self) -> Command:
        return c.Mitigate(
            mitigation=f"rolled back {self.said}",
            occurred_at=self.when(),
            override=self.override(),
            confirm=self.dice.random() < 0.5,
        )

    def _withdraw(self) -> Command:
        return c.WithdrawRootCause(reason=f"not it {self.said}", occurred_at=self.when())

    def _did_not_hold(self) -> Command:
        return c.DidNotHold(reason=f"it is back {self.said}", occurred_at=self.when())

    def _resolve(self) -> Command:
        return c.Resolve(
            resolution="gone",
            verification=self.dice.choice([None, "looks fine", *["error rate 0.1 %"] * 4]),
            early_reason=self.dice.choice([None, "the region was drained"]),
            occurred_at=self.when(),
            override=self.override(),
            confirm=self.dice.random() < 0.5,
        )

    def _reopen(self) -> Command:
        return c.Reopen(reason="it is back")

    def _cancel(self) -> Command:
        return c.Cancel(reason="a probe")

    def _merge(self) -> Command:
        return c.Merge(into=self.dice.choice(self.world.incidents))

    def _unmerge(self) -> Command:
        return c.Unmerge(reason="another database")

    def _escalate(self) -> Command:
        tier = self.dice.choice([None, None, "team_lead", "engineering_leadership"])
        return c.Escalate(reason="stuck", tier=tier)

    def _all_clear(self) -> Command:
        return c.GiveAllClear(occurred_at=self.when())

    def _postmortem(self) -> Command:
        return c.PublishPostmortem(url=f"https://wiki.example.com/{self.said}")

    def _record(self) -> Command:
        return c.FileRecord(impact=self.dice.choice([None, "none"]), follow_ups="none needed")

    def _correct(self) -> Command:
        value = None if self.dice.random() < 0.15 else self.ago(7200.0)
        milestone = self.dice.choice(list(Milestone))
        return c.CorrectTime(
            milestone=milestone,
            value=value,
            reason="from the metrics",
            confirm=self.dice.random() < 0.5,
        )

    def _log(self) -> Command:
        return c.LogAction(action="restarted", occurred_at=self.when(), override=self.override())
