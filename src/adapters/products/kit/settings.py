"""What the settings of all sources have in common, and those of all channels: docs/alerts.md and
docs/channels.md say how to get them.
"""

from typing import Annotated, Literal

import msgspec

from domain.incident.alerts.alert import Opens
from domain.policy import Severity

Secret = Annotated[str, msgspec.Meta(min_length=8)]
Given = Annotated[str, msgspec.Meta(min_length=1)]
Service = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"\S")]


class SettingFault(Exception):  # noqa: N818 - told to whoever configures it
    """A setting that has the right shape and still cannot be used; the message names its key."""


ServiceLabel = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A product or service that sends alerts. Several secrets allow for rotation; a service that
    publishes over NATS needs none. `per`: whether each alert of a group belongs to an incident of
    its own, or all of them to one. `service_labels`: which labels name the service of an alert, the
    first that it has; none are named: those that the product knows. `heartbeat`: what it sends
    are beats of the one of this name.
    """

    kind: str
    secrets: tuple[Secret, ...] = ()
    opens: Opens = Opens.INCIDENT
    per: Literal["alert", "group"] = "alert"
    heartbeat: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")] | None = None
    service_labels: Annotated[tuple[ServiceLabel, ...], msgspec.Meta(max_length=20)] = ()


EXPRESSION_CHARS_MAX = 4_000
Expression = Annotated[str, msgspec.Meta(max_length=EXPRESSION_CHARS_MAX)]
StateName = Literal["firing", "resolved", "acknowledged", "ignored"]


class MappedSource(Source, frozen=True, kw_only=True):
    """A source whose bodies are read by expressions: docs/alerts.md. `alerts` finds the
    alerts of a body, over each of which the others run; `ignore` whether one is passed over, or
    why. `at` is when it happened, or, where `ended_at` has the end, when it began. `states` and
    `severities` are what the sender's own words mean, beside those that everybody knows.
    """

    alerts: Expression | None = None
    ignore: Expression | None = None
    key: Expression | None = None
    state: Expression | None = None
    title: Expression | None = None
    details: Expression | None = None
    severity: Expression | None = None
    service: Expression | None = None
    group: Expression | None = None
    labels: Expression | None = None
    at: Expression | None = None
    ended_at: Expression | None = None
    links: Expression | None = None
    states: dict[str, StateName] = {}
    severities: dict[str, Severity] = {}


EXPRESSIONS = (
    *("alerts", "ignore", "key", "state", "title", "details", "severity", "service"),
    *("group", "labels", "at", "ended_at", "links"),
)
"""The keys of a mapped source that are expressions."""


Reader = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]


class OnlyReaders(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All who read a channel: people and teams of the directory, by slug."""

    people: Annotated[tuple[Reader, ...], msgspec.Meta(max_length=200)] = ()
    teams: Annotated[tuple[Reader, ...], msgspec.Meta(max_length=200)] = ()


class ChannelSettings(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"
):
    """What all channels have: whom they tell, in order of preference, from which severity on, and
    of which services (none means of all), and whether of `drills`, too. `private` are all who read
    it, where private incidents are told through it to those who may see them; `admins`:
    administrators read it, and are told through it what is for them. `rate_per_minute` and
    `burst` are how fast it may be used; None: as fast as its product takes it.
    """

    audiences: tuple[str, ...] = ("engineering",)
    min_severity: Severity = Severity.SEV4
    services: Annotated[tuple[Service, ...], msgspec.Meta(max_length=200)] = ()
    drills: bool = False
    private: OnlyReaders | None = None
    admins: bool = False
    rate_per_minute: Annotated[float, msgspec.Meta(ge=0.1, le=60_000)] | None = None
    burst: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)

    @property
    def carries(self) -> tuple[str, ...]:
        """By which contact methods it reaches single persons, such as `sms`: whom says the
        `recipient` of a message. Without any it is never given one that is for a person alone.
        """
        return ()
