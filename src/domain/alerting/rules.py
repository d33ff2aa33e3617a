"""Rules as data: what becomes of an alert that fires. They come from the configuration.

The first rule that matches decides, after maintenance windows and silences. All of it depends on
what the alert itself says, and on when it says that it began, so it does not matter when or in
which order alerts arrive.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from domain.kernel.commit import Instant
from domain.policy import Severity

FLAP_WINDOW_MAX_S = 86_400
KEY_CHARS = 500

Patterns = str | tuple[str, ...]
"""One or several; `*` stands for any text and `?` for any character."""

_FIELD = re.compile(r"\{([^{}]*)\}")
_FIELDS = ("product", "source", "service", "severity", "title", "group", "alert_id")


class Action(StrEnum):
    """What becomes of an alert that belongs to nothing yet."""

    DECLARE = "declare"
    TRIAGE = "triage"
    ATTACH = "attach"
    IGNORE = "ignore"
    HEARTBEAT = "heartbeat"


class AlertAttributes(msgspec.Struct, frozen=True, kw_only=True):
    """What rules go by. `at` is when the alert began, by the product's clock."""

    product: str
    source: str
    alert_id: str
    at: datetime
    severity: Severity | None = None
    service: str | None = None
    title: str | None = None
    group: str | None = None
    labels: Mapping[str, str] = {}


class Matchers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an alert must say, all of it; what is left out matches everything. `title` is a regular
    expression that is looked for anywhere, without regard to case.
    """

    product: Patterns = ()
    source: Patterns = ()
    service: Patterns = ()
    severity: Severity | tuple[Severity, ...] = ()
    title: str | None = None
    labels: dict[str, Patterns] = {}

    def __post_init__(self) -> None:
        if self.title is not None:
            _compiled(self.title)

    def match(self, said: AlertAttributes) -> bool:
        """Whether an alert says all of this."""
        wanted = (self.severity,) if isinstance(self.severity, Severity) else self.severity
        return (
            matches(self.product, said.product)
            and matches(self.source, said.source)
            and matches(self.service, said.service)
            and (not wanted or said.severity in wanted)
            and (self.title is None or bool(_compiled(self.title).search(said.title or "")))
            and all(matches(wish, said.labels.get(key)) for key, wish in self.labels.items())
        )


class Rule(Matchers, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of alerts that match.

    `attach` adds them to the open incident of the same service (or, `by` group, of the same group),
    and declares one if there is none. `dedup_key` is a text with `{service}`, `{labels.region}` and
    so on: alerts for which it is the same belong to one incident while that is open. An alert that
    fires again within `flap_window_s` of its end belongs to the incident that it had, which is not
    over until the window is. `because` is told beside what was ignored. What matches a
    `heartbeat` is a beat of the one of this name, in silences and maintenance windows as well, and
    opens nothing.
    """

    action: Action
    because: Annotated[str, msgspec.Meta(max_length=300)] | None = None
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None = None
    by: Literal["service", "group"] = "service"
    dedup_key: Annotated[str, msgspec.Meta(min_length=1, max_length=300)] | None = None
    flap_window_s: Annotated[int, msgspec.Meta(ge=0, le=FLAP_WINDOW_MAX_S)] = 0
    heartbeat: Annotated[str, msgspec.Meta(min_length=1, max_length=63)] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.action is Action.HEARTBEAT) is not (self.heartbeat is not None):
            raise ValueError('heartbeat: name one, with the action "heartbeat", and only there')
        for field in _FIELD.findall(self.dedup_key or ""):
            if field not in _FIELDS and not field.startswith("labels."):
                known = ", ".join(f"{{{name}}}" for name in (*_FIELDS, "labels.<name>"))
                raise ValueError(f"dedup_key: there is no {{{field}}}; there are {known}")


class Silence(Matchers, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Alerts that match and begin between `from` and `until` are kept and visible, and open
    nothing. An alert that still fires when the time is up is looked at again.
    """

    from_: Instant = msgspec.field(name="from")
    until: Instant
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None = None
    reason: Annotated[str, msgspec.Meta(max_length=300)] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.from_ >= self.until:
            raise ValueError("until: must be later than from")

    def covers(self, said: AlertAttributes) -> bool:
        """Whether an alert falls under it."""
        return self.from_ <= said.at < self.until and self.match(said)


class Maintenance(Silence, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A silence for planned work on services."""

    service: Patterns

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.service:
            raise ValueError("service: name one or more")


class Rulebook(msgspec.Struct, frozen=True, kw_only=True):
    """All that decides about alerts, in the order in which it is asked."""

    maintenance: tuple[Maintenance, ...] = ()
    silences: tuple[Silence, ...] = ()
    heartbeats: tuple[Rule, ...] = ()
    rules: tuple[Rule, ...] = ()
    defaults: tuple[Rule, ...] = ()


class RoutingDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of an alert, which rule says so, and why. Without an `action`, nothing matched:
    the source says what its alerts open. `shared` names what alerts of one incident have in common;
    None: the alert alone. `until`: looked at again then, if it still fires.
    """

    action: Action | None = None
    rule: str | None = None
    because: str | None = None
    shared: tuple[str, ...] | None = None
    flap_window_s: int = 0
    until: datetime | None = None
    heartbeat: str | None = None


OUR_OWN_PAGE = RoutingDecision(
    action=Action.IGNORE, rule="our own page", because="we have paged it for an incident of ours"
)
"""A paging product tells us of what we have told it."""


def route(book: Rulebook, said: AlertAttributes) -> RoutingDecision:
    """What becomes of an alert that fires. A beat is one whatever is silenced."""
    decision = _by_rules(book, said)
    if decision.heartbeat is not None:
        return decision
    for kind, windows in (("maintenance", book.maintenance), ("silence", book.silences)):
        for place, window in enumerate(windows, start=1):
            if window.covers(said):
                return RoutingDecision(
                    action=Action.IGNORE,
                    rule=window.name or f"{kind} {place}",
                    because=window.reason or kind,
                    until=window.until,
                )
    return decision


def _by_rules(book: Rulebook, said: AlertAttributes) -> RoutingDecision:
    for rule in book.heartbeats:
        if rule.match(said):
            return _beat(rule)
    for place, rule in enumerate((*book.rules, *book.defaults), start=1):
        if not rule.match(said):
            continue
        if rule.heartbeat is not None:
            return _beat(rule)
        return RoutingDecision(
            action=rule.action,
            rule=rule.name or f"rule {place}",
            because=rule.because,
            shared=_shared(rule, said),
            flap_window_s=rule.flap_window_s,
        )
    return RoutingDecision()


def _beat(rule: Rule) -> RoutingDecision:
    name = f"heartbeat {rule.heartbeat}"
    return RoutingDecision(
        action=Action.IGNORE, rule=rule.name or name, because=name, heartbeat=rule.heartbeat
    )


IN_STORM = "in a storm"
"""The rule that attaches alerts of a group or service to one incident while there are too many. It
joins no incident that was there before.
"""


def in_storm(decision: RoutingDecision, said: AlertAttributes) -> RoutingDecision:
    """What becomes of an alert in a storm where no rule says so: those of a group share an
    incident, else those of a service; what belongs to neither has its own, as ever.
    """
    if decision != RoutingDecision():
        return decision
    shared = by_group(said) or (("service", said.service) if said.service else None)
    if shared is None:
        return decision
    return RoutingDecision(action=Action.ATTACH, rule=IN_STORM, shared=shared)


def _shared(rule: Rule, said: AlertAttributes) -> tuple[str, ...] | None:
    if rule.dedup_key:
        return ("key", rendered(rule.dedup_key, said))
    if rule.action is not Action.ATTACH:
        return None
    if rule.by == "service" and said.service:
        return ("service", said.service)
    return by_group(said)


def by_group(said: AlertAttributes) -> tuple[str, ...] | None:
    """What the alerts of a group have in common; None: it belongs to no group."""
    return ("group", said.product, said.source, said.group) if said.group else None


def rendered(template: str, said: AlertAttributes) -> str:
    """A template with what an alert says; what it does not say is left empty."""

    def value(found: re.Match[str]) -> str:
        field = found[1]
        if field.startswith("labels."):
            return said.labels.get(field.removeprefix("labels."), "")
        return str(getattr(said, field) or "")

    return _FIELD.sub(value, template)[:KEY_CHARS]


def matches(patterns: Patterns, value: str | None) -> bool:
    """Whether a value is as any of the patterns; without one, it always is."""
    wanted = (patterns,) if isinstance(patterns, str) else patterns
    return not wanted or any(fnmatchcase(value or "", pattern) for pattern in wanted)


@lru_cache(maxsize=1_000)
def _compiled(expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"title: not a regular expression: {error}") from error
