"""Everything that can be configured; what one kind of source or channel needs beside is in its
product.
"""

from typing import Annotated, Literal

import msgspec

from adapters.products.console.settings import ConsoleSettings
from adapters.products.kit.settings import ChannelSettings, Source
from domain.access.grants import AccessRole
from domain.alerting.default_rules import DEAD_MAN, DEFAULT_RULES
from domain.alerting.rules import Action, Maintenance, Patterns, Rule, Rulebook, Silence
from domain.policy import Severity
from handlers.ingest.receive import BODY_BYTES_MAX

DEFAULT_HTTP = "127.0.0.1:8080"
PORT_MAX = 65_535

Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]

_Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


class ConfigFault(Exception):  # noqa: N818 - printed to the person who starts the service
    """The configuration cannot be used; the message names the key and the rule."""


class ComponentSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the product on the status page, under its public name."""

    name: _Words
    services: Annotated[tuple[_Words, ...], msgspec.Meta(min_length=1, max_length=100)]
    description: _Words | None = None
    group: _Words | None = None


PublicUrl = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]
"""The beginning of addresses as they are from outside, perhaps with a path."""


class StatusPage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The public page. `url` is the address under which `/status` is reached from outside."""

    title: _Words = "Status"
    url: PublicUrl | None = None
    components: Annotated[tuple[ComponentSettings, ...], msgspec.Meta(max_length=200)] = ()


class TemplateSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where templates of notifications are that replace built-in ones; None: nowhere."""

    folder: str | None = None


Inbox = Annotated[str, msgspec.Meta(pattern=r"^_[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$")]
"""A prefix of inboxes in NATS. It begins with `_`, which nothing else of ours does."""


class NatsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`sync`: when what is acknowledged is on the disk. The embedded server is started so; of a
    server of your own it says how that is configured (`sync_interval`), and commits are grouped
    accordingly. `answers_url`: the same server as a user who may answer commands and no more.
    `inboxes`: prefixes of inboxes that are answered beside the usual one. `commands_as`: the role
    of whoever NATS lets publish commands, without a token; None: they need one, except with the
    embedded server, whose passwords only the owner of the state folder knows.
    """

    sync: Literal["interval", "always"] = "interval"
    answers_url: str | None = None
    inboxes: Annotated[tuple[Inbox, ...], msgspec.Meta(max_length=100)] = ()
    commands_as: AccessRole | None = None


class LogSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the service reports on itself."""

    format: Literal["json", "console", "auto"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"


class HttpServerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is answered over HTTP, and how many at once. `hosts` are names that the service goes by,
    beside those of loopback, its address and the hosts of `public_url` and `status_page.url`; `"*"`
    is any. `origins` are those whose pages may act. `proxies` are addresses or networks which may
    have more connections than `connections_per_address`, as many clients come through them. Who is
    known by a token may send `requests_per_minute`, a tenth of them at once, and follow
    `followers_per_principal` live streams; all together follow `followers` at most. A signal has at
    most `signal_body_bytes`; what is larger is refused.
    """

    hosts: tuple[Annotated[str, msgspec.Meta(pattern=r"^(\*|[A-Za-z0-9._:-]+)$")], ...] = ()
    origins: tuple[Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/?#]+$")], ...] = ()
    connections: Annotated[int, msgspec.Meta(ge=10, le=100_000)] = 1_000
    connections_per_address: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 250
    proxies: tuple[str, ...] = ("127.0.0.0/8", "::1")
    requests_per_minute: Annotated[int, msgspec.Meta(ge=60, le=10_000_000)] = 60_000
    followers: Annotated[int, msgspec.Meta(ge=1, le=50_000)] = 500
    followers_per_principal: Annotated[int, msgspec.Meta(ge=1, le=50_000)] = 100
    signal_body_bytes: Annotated[int, msgspec.Meta(ge=1 << 20, le=64 << 20)] = BODY_BYTES_MAX


class OutgoingSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Networks within, such as `10.0.0.0/8`, into which names of the configuration may lead."""

    networks: tuple[str, ...] = ()


class DeadMansSwitch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who hears every `interval_s` seconds that the service can page: a POST without a body to
    `url`, with these `headers`.
    """

    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/?#]+[^\s#]*$")]
    interval_s: Annotated[int, msgspec.Meta(ge=5, le=86_400)] = 60
    headers: dict[str, str] = {}


HumanRole = Literal["viewer", "responder", "commander", "admin"]


class OidcSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where people log in. `issuer` is its URL as it names itself, `client_id` and `client_secret`
    are those of this service there (none: a public client). `roles` says which group has which
    role; whoever is in several has the most of them, in none `default_role`, or is not let in
    without one. `groups_claim` is where the ID token lists groups. `trust_email`: an address counts
    though the issuer does not say that it was verified.
    """

    issuer: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]
    client_id: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    client_secret: Annotated[str, msgspec.Meta(min_length=8)] | None = None
    scopes: tuple[Annotated[str, msgspec.Meta(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]+$")], ...] = (
        "email",
        "profile",
    )
    roles: dict[str, HumanRole] = {}
    default_role: HumanRole | None = None
    groups_claim: Annotated[str, msgspec.Meta(min_length=1)] = "groups"
    session_hours: Annotated[int, msgspec.Meta(ge=1, le=168)] = 12
    trust_email: bool = False


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What has to be heard again and again: `silence_s` without a beat open an incident of this
    `severity`, `service` and `title`. It beats with the alerts of `source` that have `labels`;
    without either, with those that a rule or a source names it for, or else with any dead man's
    switch.
    """

    silence_s: Annotated[int, msgspec.Meta(ge=1, le=366 * 86_400)] = 900
    severity: Severity = Severity.SEV2
    service: _Words | None = None
    title: _Words | None = None
    source: Patterns = ()
    labels: dict[str, Patterns] = {}


class PrometheusSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A Prometheus, or what answers as one, of which objectives name this table. `headers` go with
    each question, such as `{"Authorization": "Bearer …"}`.
    """

    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]
    headers: dict[str, str] = {}


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be configured. Without URLs, embedded servers keep data in `state`.
    `public_url` is the address under which people reach the service: messages link to it. By
    `answer_secrets` links are signed that answer a page; none: by one in the state folder.
    """

    state: str = ".commandpost"
    http: Annotated[str, msgspec.Meta(pattern=r"^[^\s]*:[0-9]{1,5}$")] = DEFAULT_HTTP
    public_url: PublicUrl | None = None
    answer_secrets: Annotated[
        tuple[Annotated[str, msgspec.Meta(min_length=16)], ...], msgspec.Meta(max_length=5)
    ] = ()
    http_server: HttpServerSettings = HttpServerSettings()
    outgoing: OutgoingSettings = OutgoingSettings()
    dead_mans_switch: DeadMansSwitch | None = None
    oidc: OidcSettings | None = None
    nats_url: str | None = None
    nats_admin_url: str | None = None
    nats: NatsSettings = NatsSettings()
    database_url: str | None = None
    replicas: Annotated[int, msgspec.Meta(ge=1, le=5)] = 1
    policy: str | None = None
    sources: dict[Name, Source] = {}
    channels: dict[Name, ChannelSettings] = msgspec.field(
        # Whoever reads the terminal of the service is its owner.
        default_factory=lambda: {"console": ConsoleSettings(admins=True)}
    )
    status_page: StatusPage = StatusPage()
    templates: TemplateSettings = TemplateSettings()
    heartbeats: dict[Name, Heartbeat] = {}
    prometheus: dict[Name, PrometheusSettings] = {}
    rules: tuple[Rule, ...] = ()
    silences: tuple[Silence, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    log: LogSettings = LogSettings()

    @property
    def named_heartbeats(self) -> frozenset[str]:
        """Those that a rule or a source names."""
        by_rules = (rule.heartbeat for rule in self.rules)
        by_sources = (source.heartbeat for source in self.sources.values())
        return frozenset(name for name in (*by_rules, *by_sources) if name)

    @property
    def _beats(self) -> tuple[Rule, ...]:
        """Which alerts are beats, the most special first."""
        beat, found, named = Action.HEARTBEAT, list[Rule](), self.named_heartbeats
        for name, source in self.sources.items():
            if source.heartbeat:
                found.append(Rule(source=name, action=beat, heartbeat=source.heartbeat))
        for name, each in self.heartbeats.items():
            if each.source or each.labels or name not in named:
                labels = each.labels or {"alertname": DEAD_MAN}
                found.append(Rule(source=each.source, labels=labels, action=beat, heartbeat=name))
        return tuple(found)

    @property
    def rulebook(self) -> Rulebook:
        """All that says what becomes of alerts."""
        return Rulebook(
            heartbeats=self._beats,
            rules=self.rules,
            silences=self.silences,
            maintenance=self.maintenance,
            defaults=DEFAULT_RULES,
        )


def host_and_port(http: str) -> tuple[str, int]:
    """`HOST:PORT` taken apart; no host means this machine alone, port 0 any free one."""
    host, _, port = http.rpartition(":")
    return host.strip("[]") or "127.0.0.1", int(port)
