"""Rules that hold where none of the operator's matches: what everybody sends, and is no outage."""

from domain.alerting.rules import Action, Rule


def _in_any_case(pattern: str) -> str:
    return "".join(
        f"[{each.lower()}{each.upper()}]" if each.isalpha() else each for each in pattern
    )


DEAD_MAN = tuple(
    _in_any_case(pattern)
    for pattern in (
        *("watchdog", "watchdogalert", "watchdog?alert", "heartbeat", "heartbeat?alert"),
        *("alwaysfiring", "always?firing", "*deadman*switch", "*dead?man*switch"),
        *("deadman*snitch", "dead?man*snitch"),
    )
)
"""Alerts that always fire, so that their silence shows: those of kube-prometheus and others."""

DEFAULT_RULES: tuple[Rule, ...] = (
    Rule(
        name="dead man's switch",
        labels={"alertname": DEAD_MAN},
        action=Action.IGNORE,
        because="it always fires; name it in [heartbeats] to hear of its silence",
    ),
    Rule(
        name="inhibitor",
        labels={"alertname": "InfoInhibitor"},
        action=Action.IGNORE,
        because="it fires to inhibit others",
    ),
    Rule(
        name="severity none",
        labels={"severity": ("none", "None", "NONE")},
        action=Action.IGNORE,
        because="its severity is none",
    ),
    Rule(
        name="test notification",
        labels={"alertname": "TestAlert", "instance": "Grafana"},
        action=Action.IGNORE,
        because="somebody has tried whether notifications arrive",
    ),
)
"""Asked last, in this order; a rule of the operator's that matches comes first. They are listed in
docs/alerts.md.
"""
