"""The incident against a model: the rules of the brief said again, naively, with one dict.

Time goes on, so what pages say is simply applied in order; people may say late when something
happened. The model knows nothing of events, baselines of alerts, or their order.
"""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.course.waivers import RuleWaived
from domain.incident.events import Milestone
from domain.incident.impact import Impact
from domain.incident.state import status
from domain.policy import Functionality, Role, Severity
from support.spec import Log, at, page

LEVELS = ["SEV4", "SEV3", "SEV2", "SEV1"]  # in rising order
PRIORITIES = {"P1": "SEV1", "P2": "SEV2", "P3": "SEV3", "P4": "SEV4"}
FUNCTIONALITY = {
    "full_outage": "SEV1",
    "key_feature_down": "SEV2",
    "minor_feature_broken": "SEV3",
    "cosmetic": "SEV4",
}
FIGURES_KEPT = ("users_affected", "percent_affected", "scope", "regions")
LIVE = {"investigating", "identified", "monitoring"}
FIGURES = st.none() | st.sampled_from([0, 1, 2, 3, 4, 7, 8])
SHARES = st.none() | st.sampled_from([0.0, 12.5, 25.0, 25.1, 50.0, 100.0])
YES = st.sampled_from([None, True, False])
ASSESSMENTS = st.fixed_dictionaries(
    {},
    optional={
        "users_affected": FIGURES,
        "percent_affected": SHARES,
        "scope": FIGURES,
        "regions": FIGURES,
        "functionality": st.none() | st.sampled_from(Functionality),
        "paying_customers": YES,
        "customer_reported": YES,
        "data_integrity_concern": YES,
        "security_breach": YES,
    },
)
LATE = st.none() | st.integers(1, 5)
SEVERITIES = st.sampled_from(LEVELS)
WATCHED = timedelta(minutes=15)
NAMES = st.sampled_from(["ada", "grace"])


def known_part(impact: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in impact.items() if value is not None}


def higher(*levels: str | None) -> str:
    return max((level for level in levels if level), key=LEVELS.index)


def least(impact: dict[str, Any]) -> str | None:
    """The level that the brief demands at least."""
    if impact.get("data_integrity_concern") or impact.get("security_breach"):
        return "SEV1"
    if impact.get("customer_reported") and impact.get("paying_customers"):
        return "SEV2"
    return None


def aspects(impact: dict[str, Any]) -> dict[str, tuple[str, float]]:
    """What the matrix makes of each aspect: a level, and how bad it is."""
    found: dict[str, tuple[str, float]] = {}
    percent, users = impact.get("percent_affected"), impact.get("users_affected")
    if impact.get("security_breach"):
        found["security"] = ("SEV1", 1)
    if impact.get("functionality"):
        broken = impact["functionality"].value
        found["functionality"] = (FUNCTIONALITY[broken], -list(FUNCTIONALITY).index(broken))
    if percent is not None and not (users and percent == 0):
        steps = [(percent == 100, "SEV1"), (percent > 25, "SEV2"), (percent > 0, "SEV3")]
        found["share"] = (next((level for yes, level in steps if yes), "SEV4"), percent)
    if users == 0:
        found["users"] = ("SEV4", 0)
    elif not found:
        found["doubt"] = ("SEV2", 0)
    if users:
        found["users"] = ("SEV3", 1)
    return found


def by_matrix(impact: dict[str, Any]) -> str:
    return higher(least(impact), *(level for level, _ in aspects(impact).values()))


def asked(severity: str, weighed: dict[str, Any], impact: dict[str, Any]) -> str | None:
    """What the matrix wants of what is worse than what was weighed."""
    before = aspects(weighed)
    worst = higher(*(level for aspect, (level, _) in before.items() if aspect != "doubt"), "SEV4")
    wanted = [
        level
        for aspect, (level, weight) in aspects(impact).items()
        if higher(level, worst) != worst or level == worst
        if not (aspect in before and before[aspect][1] >= weight)
    ]
    known = "doubt" not in aspects(impact) or impact.get("users_affected")
    level = higher(*wanted, severity)
    return level if known and level != severity else None


class IncidentAndModel(RuleBasedStateMachine):
    """Each rule asks the incident and does to the dict what the brief says should follow."""

    def __init__(self) -> None:
        super().__init__()
        self.log = Log()
        self.minute = 10
        self.m: dict[str, Any] = {}

    # --- helpers

    def now(self) -> datetime:
        return at(self.minute)

    def ask(self, command: Any) -> str:
        self.minute += 10
        outcome = self.log.run(command, self.now())
        live = self.m and self.m["phase"] in LIVE | {"triage"}
        if outcome == "decided" and live and not isinstance(command, c.CorrectTime):
            self.m["engaged"] = not isinstance(command, c.Resolve | c.Cancel)
        if outcome == "decided" and isinstance(command, c.Reopen | c.DidNotHold):
            self.m["engaged"] = True
        if outcome == "decided" and isinstance(command, c.Resolve | c.Cancel):
            self.m["taken_there"] = False
        return outcome.removeprefix("incident.")

    def when(self, late: int | None) -> datetime | None:
        """A time that lies some minutes before the command, given before `ask` moves the clock."""
        return None if late is None else at(self.minute + 10 - late)

    def happened(self, late: int | None) -> datetime:
        return at(self.minute - (late or 0))

    def first(self, name: str, moment: datetime) -> None:
        if name not in self.m["fixed"]:
            known = self.m["times"].get(name)
            self.m["times"][name] = min(known, moment) if known else moment

    def decide(self, level: str) -> None:
        self.m |= {"severity": level, "decided": level, "claim": None}
        self.m["baseline"], self.m["had"] = dict(self.m["impact"]), None
        self.m["weighed"] = known_part(self.m["impact"])

    def expected(self, allowed: set[str]) -> str | None:
        """The refusal in a wrong phase, None where the command is possible."""
        return None if self.m["phase"] in allowed else "wrong_phase"

    def is_staffed(self) -> bool:
        return {Role.INCIDENT_COMMANDER, Role.TECHNICAL_LEAD} <= self.m["roles"].keys()

    def back(self) -> None:
        """It is not over after all."""
        self.keep_first_mitigation()
        for name in ("mitigated_at", "resolved_at", "canceled_at"):
            self.m["times"][name] = None
            self.m["fixed"].discard(name)
        waiting = not self.m["declared"] and self.m["from_triage"]
        live = "identified" if self.m["cause"] else "investigating"
        self.m["phase"] = "triage" if waiting else live
        self.m["reopenings"] += 1

    def keep_first_mitigation(self) -> None:
        """What did not hold stays on record as the first one."""
        moment, known = (
            self.m["times"].get("mitigated_at"),
            self.m["times"].get("first_mitigated_at"),
        )
        if moment:
            self.m["times"]["first_mitigated_at"] = min(known, moment) if known else moment

    def unanswered(self, reason: str) -> None:
        """Whoever acknowledged before is to do so again; what was mitigated is not."""
        self.m |= {"acknowledged": False, "taken_there": False, "failed_for": reason}
        self.m["taken_here"] = False
        self.m["mitigated"] = False

    # --- beginnings

    def blank(self) -> None:
        self.m = {
            "phase": "investigating",
            "lent": False,
            "engaged": False,
            "taken_there": False,
            "taken_here": False,
            "times": {},
            "fixed": set(),
            "roles": {},
            "hypotheses": {},
            "impact": {},
            "baseline": {},
            "decided": None,
            "settled": False,
            "had": None,
            "ruled": None,
            "weighed": {},
            "severity": "SEV2",
            "cause": None,
            "link": None,
            "causes": [],
            "withdrawn_for": None,
            "mitigated": False,
            "failed_for": None,
            "said": {},
            "acknowledged": False,
            "reopenings": 0,
            "declared": False,
            "from_triage": False,
            "paged": False,
        }

    @initialize(
        impact=ASSESSMENTS, severity=st.none() | SEVERITIES, late=LATE, kind=st.integers(0, 2)
    )
    def begin(
        self, impact: dict[str, Any], severity: str | None, late: int | None, kind: int
    ) -> None:
        self.blank()
        if kind == 0:
            self.declare_with(impact, severity, late)
        else:
            self.m["from_triage"] = kind == 2
            self.m["phase"] = "triage" if kind == 2 else "investigating"
            self.page("triggered", "P3" if severity == "SEV3" else None)
            self.m["times"]["detected_at"] = self.now()
            if kind == 1:
                self.m["times"]["declared_at"] = self.now()

    def declare_with(self, impact: dict[str, Any], severity: str | None, late: int | None) -> None:
        command = c.Declare(
            title="t",
            severity=Severity(severity) if severity else None,
            impact=Impact(**impact),
            occurred_at=self.when(late),
        )
        assert self.ask(command) == "decided"
        stated = {name: value for name, value in impact.items() if value is not None}
        settled = not severity and self.m["phase"] == "triage" and self.m["settled"]
        if settled:  # somebody had decided before: what is said now is one more assessment
            self.assess(stated)
        self.m["impact"] |= stated
        level = severity or by_matrix(self.m["impact"])
        named = self.m["decided"] or self.m.get("named")
        if not severity and self.m["phase"] == "triage" and named:
            nothing_known = not any(v is not None for v in self.m["impact"].values())
            level = self.m["severity"] if nothing_known else higher(level, self.m["severity"])
        phase = "identified" if self.m["cause"] else "investigating"
        self.m |= {"declared": True, "phase": phase}
        self.m["times"]["declared_at"] = self.happened(late)
        if not settled:
            self.decide(higher(level, least(self.m["impact"])))
        self.m["settled"] = True
        self.m["ruled"] = None if severity else self.m["ruled"]

    @precondition(lambda self: self.m["phase"] == "triage")
    @rule(impact=ASSESSMENTS, severity=st.none() | SEVERITIES, late=LATE)
    def declare(self, impact: dict[str, Any], severity: str | None, late: int | None) -> None:
        self.declare_with(impact, severity, late)

    # --- pages

    def page(self, kind: str, priority: str | None, *, in_person: bool = False) -> None:
        opens = "triage" if self.m["from_triage"] else "incident"
        name = f"{kind}{self.minute}"
        report = page(kind, name, priority=priority, opens=opens, in_person=in_person)
        self.minute += 1
        moment = self.now()
        self.log.run(c.ReceiveAlert(alert=report.alert, occurred_at=moment), moment)
        # What says that it is over says nothing of how severe it was.
        priority = None if kind == "resolved" else priority
        self.m["named"] = self.m.get("named") or priority is not None
        claim = PRIORITIES.get(priority or "")
        if claim and claim != self.m.get("claimed_last"):  # most pages only repeat a priority
            self.m["claim"] = self.m["claimed_last"] = claim
        self.m["paged"] = True
        self.hear_severity()

    def hear_severity(self) -> None:
        claim = self.m.get("claim")
        if claim:
            self.m["severity"] = higher(claim, self.m["decided"], self.m["had"])

    @precondition(lambda self: self.m["paged"])
    @rule(
        kind=st.sampled_from(["acknowledged", "unacknowledged", "resolved", "reopened", "updated"]),
        priority=st.none() | st.sampled_from(list(PRIORITIES)),
        in_person=st.booleans(),
    )
    def hear(self, kind: str, priority: str | None, in_person: bool) -> None:
        self.page(kind, priority, in_person=in_person)
        moment, phase = self.now(), self.m["phase"]
        if kind == "acknowledged":
            self.first("acknowledged_at", moment)
        if kind in {"acknowledged", "unacknowledged", "reopened"}:
            kept = kind == "reopened" and self.m["engaged"] and self.m["taken_here"]
            self.m["acknowledged"] = kind == "acknowledged" or (kept and self.m["acknowledged"])
            self.m["taken_there"] = kind == "acknowledged" and (in_person or self.m["taken_there"])
        # Its responders end what they have in hand; a page may take that back, and end it again.
        pages_decide = not self.m["declared"] or self.m["lent"]
        left_to_people = self.m["engaged"] or (self.m["taken_there"] and not in_person)
        ended = kind == "resolved" and pages_decide and not left_to_people
        if ended and phase in LIVE | {"triage"}:
            self.m["phase"] = "resolved"
            self.m["times"]["resolved_at"] = moment
        if kind == "reopened":
            if phase in {"resolved", "canceled"} or (phase in LIVE | {"triage"} and pages_decide):
                self.m["lent"] = self.m["declared"]
                self.back()
            else:
                self.m["reopenings"] += 1

    # --- responses

    @rule(late=LATE)
    def acknowledge(self, late: int | None) -> None:
        expected = self.expected(LIVE | {"triage"})
        outcome = self.ask(c.Acknowledge(occurred_at=self.when(late)))
        if expected:
            assert outcome == expected
            return
        before = dict(self.m["times"]), self.m["acknowledged"]
        self.first("acknowledged_at", self.happened(late))
        self.m["acknowledged"] = True
        changed = before != (self.m["times"], True)
        joins = outcome == "decided" and isinstance(self.log.events[-1], e.AlsoAcknowledged)
        assert outcome == ("decided" if changed or joins else "ignored")
        assert not (changed and joins)
        self.m["taken_here"] |= changed

    @rule(role=st.sampled_from(Role), name=NAMES, over=st.booleans())
    def staff(self, role: Role, name: str, over: bool) -> None:
        allowed = LIVE | {"triage"} | ({"resolved"} if over else set())
        expected, holder = self.expected(allowed), self.m["roles"].get(role)
        if expected is None:
            if holder == name:
                expected = "ignored"
            elif over != (holder is not None):
                expected = "role.not_assigned" if over else "role.already_assigned"
        kind = c.HandOverRole if over else c.AssignRole
        assert self.ask(kind(role=role, assignee=name)) == (expected or "decided")
        if expected is None:
            self.m["roles"][role] = name

    @rule(statement=st.sampled_from(["x", "y", "z"]))
    def suspect(self, statement: str) -> None:
        paths = self.m["hypotheses"]
        expected = self.expected(LIVE)
        if expected is None and ["open", statement] in paths.values():
            expected = "ignored"
        if expected is None and not self.is_staffed():
            expected = "roles.required"
        assert self.ask(c.OpenHypothesis(statement=statement)) == (expected or "decided")
        if expected is None:
            paths[f"H{len(paths) + 1}"] = ["open", statement]

    @rule(name=st.sampled_from(["H1", "H2"]), end=st.sampled_from(["confirm", "reject", "abandon"]))
    def conclude(self, name: str, end: str) -> None:
        command, found = {
            "confirm": (c.ConfirmHypothesis(hypothesis=name, finding="f"), "confirmed"),
            "reject": (c.RejectHypothesis(hypothesis=name, finding="f"), "rejected"),
            "abandon": (c.AbandonHypothesis(hypothesis=name, reason="f"), "abandoned"),
        }[end]
        expected, path = self.expected(LIVE | {"resolved"}), self.m["hypotheses"].get(name)
        if expected is None:
            if path is None:
                expected = "hypothesis.unknown"
            elif path[0] == found:
                expected = "ignored"
            elif path[0] != "open" and (path[0], end) != ("confirmed", "reject"):
                expected = "hypothesis.closed"
            elif found == "confirmed" and self.m["phase"] in LIVE and not self.is_staffed():
                expected = "roles.required"
        assert self.ask(command) == (expected or "decided")
        if expected is not None:
            return
        path[0] = found
        if end == "confirm":
            words = self.m["cause"] if self.m["cause"] and not self.m["link"] else path[1]
            self.caused(words, name, self.now())
        if end == "reject" and self.m["link"] == name:
            self.m["causes"] = [each for each in self.m["causes"] if each[1] != name]
            self.seek()

    def caused(self, cause: str, link: str | None, moment: datetime) -> None:
        self.m["causes"].append((cause, link, moment))
        self.m |= {"cause": cause, "link": link}
        self.first("identified_at", moment)
        if self.m["phase"] == "investigating":
            self.m["phase"] = "identified"

    def seek(self) -> None:
        """The cause is the last that stands, if any does."""
        causes = self.m["causes"]
        self.m["cause"], self.m["link"] = causes[-1][:2] if causes else (None, None)
        self.m["fixed"].discard("identified_at")
        self.m["times"]["identified_at"] = min((each[2] for each in causes), default=None)
        if self.m["phase"] in {"investigating", "identified"}:
            self.m["phase"] = "identified" if causes else "investigating"

    @rule()
    def withdraw(self) -> None:
        expected = self.expected(LIVE | {"resolved"})
        if expected is None and not self.m["causes"]:
            expected = "ignored" if self.m["withdrawn_for"] == "r" else "root_cause.none"
        assert self.ask(c.WithdrawRootCause(reason="r")) == (expected or "decided")
        if expected is None:
            for _, link, _ in self.m["causes"]:
                if link:
                    self.m["hypotheses"][link][0] = "rejected"
            self.m |= {"causes": [], "withdrawn_for": "r"}
            self.seek()

    @rule()
    def fail(self) -> None:
        expected, over = self.expected(LIVE | {"resolved"}), self.m["phase"] == "resolved"
        if expected is None and not over and not self.m["mitigated"]:
            expected = "ignored" if self.m["failed_for"] == "r" else "mitigation.none"
        assert self.ask(c.DidNotHold(reason="r")) == (expected or "decided")
        if expected is not None:
            return
        self.m["lent"] = False
        if over:
            self.back()
            self.unanswered("r")
            return
        self.keep_first_mitigation()
        self.m["times"]["mitigated_at"] = None
        self.m["fixed"].discard("mitigated_at")
        self.m["phase"] = "identified" if self.m["cause"] else "investigating"
        self.m |= {"mitigated": False, "failed_for": "r"}

    @rule(stated=ASSESSMENTS)
    def reassess(self, stated: dict[str, Any]) -> None:
        expected = self.expected(LIVE | {"triage", "resolved"})
        outcome = self.ask(c.ReassessImpact(**stated))
        if expected:
            assert outcome == expected
            return
        known = self.m["impact"]
        news = any(known.get(name) != value for name, value in stated.items())
        assert outcome == ("decided" if news else "ignored")
        if news:
            self.assess(stated)

    def assess(self, stated: dict[str, Any]) -> None:
        """What is known of the impact, and what follows of it for the severity."""
        known = self.m["impact"]
        if all(known.get(name) == value for name, value in stated.items()):
            return
        known.update(stated)
        floor, severity, baseline = least(known), self.m["severity"], self.m["baseline"]
        grown = [
            name
            for name in FIGURES_KEPT
            if baseline.get(name)
            and known.get(name) is not None
            and known[name] >= 2 * baseline[name]
        ]
        up = LEVELS[min(3, LEVELS.index(severity) + 1)] if grown else None
        weighed = baseline if self.m["decided"] else {}
        level = higher(severity, floor, up, asked(severity, weighed, known))
        if level != severity:
            self.decide(level)
            return
        # Alerts have it as severe already: what the matrix wants, it keeps, whatever they say next.
        wanted = [floor, asked(self.m["decided"] or "SEV4", weighed, known)]
        if self.m["decided"] is None and "doubt" not in aspects(known):
            wanted.append(by_matrix(known))
        if any((self.m["had"], *wanted)):
            self.m["had"] = higher(self.m["had"], *wanted)
        baseline.update(
            {
                name: known[name]
                for name in FIGURES_KEPT
                if not baseline.get(name) and known.get(name)
            }
        )

    @rule(level=SEVERITIES)
    def regrade(self, level: str) -> None:
        expected = self.expected(LIVE | {"triage", "resolved"})
        if expected is None:
            floor = least(self.m["impact"])
            again = level == self.m["severity"] == self.m["decided"] == self.m["ruled"]
            if again and self.m["weighed"] == known_part(self.m["impact"]):
                expected = "ignored"
            elif floor and higher(floor, level) != level:
                expected = "severity.below_floor"
        command = c.ChangeSeverity(severity=Severity(level), reason="r")
        assert self.ask(command) == (expected or "decided")
        if expected is None:
            self.decide(level)
            self.m["ruled"], self.m["settled"] = level, True

    @rule(cause=st.sampled_from(["disk", "deploy"]), late=LATE)
    def find(self, cause: str, late: int | None) -> None:
        expected = self.expected(LIVE | {"resolved"})
        if expected is None and cause == self.m["cause"]:
            expected = "ignored"
        if expected is None and self.m["phase"] in LIVE and not self.is_staffed():
            expected = "roles.required"
        command = c.IdentifyRootCause(cause=cause, occurred_at=self.when(late))
        assert self.ask(command) == (expected or "decided")
        if expected is None:
            self.caused(cause, None, self.happened(late))

    @rule(by=st.sampled_from(["rollback", "failover"]), late=LATE)
    def mitigate(self, by: str, late: int | None) -> None:
        expected = self.expected(LIVE)
        if expected is None and self.m["phase"] == "monitoring" and self.m["said"].get("m") == by:
            expected = "ignored"
        if expected is None and not self.is_staffed():
            expected = "roles.required"
        command = c.Mitigate(mitigation=by, occurred_at=self.when(late))
        assert self.ask(command) == (expected or "decided")
        if expected is None:
            self.m["said"]["m"] = by
            self.m["mitigated"] = True
            self.first("mitigated_at", self.happened(late))
            self.m |= {"phase": "monitoring", "lent": False, "watching": self.happened(late)}

    @rule(
        words=st.sampled_from(["fixed", "gone"]),
        late=LATE,
        early=st.none() | st.just("sure"),
        shown=st.sampled_from(["errors 0.1 %", "looks fine", None]),
        override=st.none() | st.just("alone at night"),
    )
    def resolve(
        self, words: str, late: int | None, early: str | None, shown: str | None, override: str
    ) -> None:
        expected = self.expected(LIVE)
        if self.m["phase"] == "resolved" and self.m["said"].get("r") == words:
            expected = "ignored"
        shut = [] if expected else self.shut(late, early, shown)
        if shut and not override:
            expected = shut[0]
        command = c.Resolve(
            resolution=words,
            occurred_at=self.when(late),
            early_reason=early,
            verification=shown,
            override=override,
        )
        assert self.ask(command) == (expected or "decided")
        if expected is None:
            assert [
                waived
                for event in self.log.commits[-1].commit.events
                if isinstance(event, RuleWaived) and event.reason
                for waived in event.rules
            ] == shut
        if expected is None:
            self.m["said"]["r"] = words
            self.m |= {"phase": "resolved", "lent": False}
            self.m["times"]["resolved_at"] = self.happened(late)

    def shut(self, late: int | None, early: str | None, shown: str | None) -> list[str]:
        """What a resolution that goes on may not be without, in the order in which it is asked."""
        levels, weighed = {self.m["severity"]}, aspects(self.m["impact"])
        if self.m["ruled"] is None and "doubt" not in weighed:  # nobody has said why it is less
            levels.add(by_matrix(self.m["impact"]))
        severe, found = bool(levels & {"SEV1", "SEV2"}), list[str]()
        since, monitored = self.m.get("watching"), self.m["phase"] == "monitoring"
        if severe and not self.is_staffed():
            found.append("roles.required")
        if severe and any(path[0] == "open" for path in self.m["hypotheses"].values()):
            found.append("hypothesis.open")
        if shown == "looks fine":
            found.append("verification.vague")
        if severe and shown is None:
            found.append("verification.required")
        if early:
            return found
        if severe and not self.m["acknowledged"]:
            found.append("acknowledgement.required")
        if severe and not monitored:
            found.append("mitigation.required")
        if monitored and since and at(self.minute + 10 - (late or 0)) - since < WATCHED:
            found.append("monitoring.too_early")
        return found

    @rule()
    def reopen(self) -> None:
        expected = self.expected({"resolved", "canceled"})
        assert self.ask(c.Reopen(reason="r")) == (expected or "decided")
        if expected is None:
            self.m["lent"] = False
            self.back()
            self.unanswered("r")

    @precondition(lambda self: self.minute > 120)
    @rule(merge=st.booleans())
    def close(self, merge: bool) -> None:
        """Rarely, so that there is a story to tell."""
        expected = self.expected(LIVE | {"triage"} | ({"resolved"} if merge else set()))
        phase = "merged" if merge else "canceled"
        if self.m["phase"] == phase:
            expected = "ignored"
        command = c.Merge(into="i-2") if merge else c.Cancel(reason="r")
        assert self.ask(command) == (expected or "decided")
        if expected is None:
            self.m["phase"] = phase
            if not merge:
                self.m["times"]["canceled_at"] = self.now()

    @rule(milestone=st.sampled_from(Milestone), value=st.none() | st.integers(-20, 20))
    def correct(self, milestone: Milestone, value: int | None) -> None:
        name, moment = milestone.value, None if value is None else at(value)
        expected = self.expected(LIVE | {"triage", "resolved"})
        if expected is None:
            unreached = {"resolved_at": LIVE | {"triage"}}
            never = self.m["times"].get(name) is None and name not in self.m["fixed"]
            said = {
                "acknowledged_at": self.m["acknowledged"],
                "identified_at": self.m["cause"],
                "mitigated_at": self.m["phase"] == "monitoring",
            }.get(name, True)
            nobody_did = never and not said and self.m["phase"] != "resolved"
            nobody_did |= never and name == "declared_at"
            if self.m["phase"] in unreached.get(name, set()) or nobody_did:
                expected = "milestone.not_reached"
            elif (name, value) == ("declared_at", None):
                expected = "time.required"
            elif self.m["times"].get(name) == moment:
                expected = "ignored"
        self.minute = max(self.minute, 20)
        command = c.CorrectTime(milestone=milestone, value=moment, reason="r", confirm=True)
        assert self.ask(command) == (expected or "decided")
        if expected is None:
            self.m["times"][name] = moment
            self.m["fixed"].add(name)
            if name == "mitigated_at":
                self.m["watching"] = moment
                if self.m["phase"] in LIVE:
                    self.m["lent"] = False

    # --- comparison

    @invariant()
    def they_agree(self) -> None:
        if not self.m:
            return
        incident = self.log.incident
        facts = incident.facts  # type: ignore[union-attr]
        times = {
            name: getattr(facts.milestones, name)
            for name in facts.milestones.__struct_fields__
            if getattr(facts.milestones, name) is not None
        }
        assert status(incident) == self.m["phase"]
        assert facts.severity.value == self.m["severity"]
        assert facts.response.roles == self.m["roles"]
        assert {
            path.name: [path.status.value, path.statement] for path in facts.response.hypotheses
        } == (self.m["hypotheses"])
        assert times == {name: when for name, when in self.m["times"].items() if when is not None}
        assert facts.acknowledged == self.m["acknowledged"]
        assert facts.response.reopenings == self.m["reopenings"]
        assert facts.response.root_cause == self.m["cause"]


TestIncidentAgainstModel = IncidentAndModel.TestCase
TestIncidentAgainstModel.settings = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
