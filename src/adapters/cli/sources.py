"""Sources: what a body of theirs would become, and the presets that read bodies of products."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from cyclopts import App

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, registry_in_use
from adapters.config.policy_file import configured_policy
from adapters.config.settings import ConfigFault
from adapters.products.kit.source import SourceKind
from domain.incident.alerts.alert import AlertKind, Opens
from domain.incident.alerts.stated import severity_of
from domain.policy import Policy
from handlers.ingest.receive import FORM
from handlers.ingest.reports import (
    ChangeReport,
    Reading,
    Report,
    Translation,
    Unintelligible,
    Unwanted,
)


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What one alert of a body would be read as, or a change of the system, which opens nothing.
    `at` is when it began, as far as that is said.
    """

    key: str
    state: Literal["firing", "resolved", "change"]
    title: str | None
    severity: str | None
    service: str | None
    at: str | None
    links: tuple[str, ...]


def try_(
    name: str,
    file: Path,
    *,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> int:
    """Show what the body in FILE would become if the source NAME sent it. It asks no server and
    sends nothing. The exit status is 1 if any part of it would go into quarantine.
    """
    config = options.load()
    settings = config.sources.get(name)
    if settings is None:
        known = ", ".join(config.sources) or "none is configured"
        raise ConfigFault(f"sources.{name}: there is no such source ({known})")
    kind = registry_in_use().products.source_kinds[settings.kind].for_source(settings)
    readings = _readings(kind, _read(file), name, Opens(settings.opens))
    policy = configured_policy(config)
    told = [each for each in readings if isinstance(each, Report | ChangeReport)]
    if format == "json":
        tables.as_json([tried(each, policy) for each in told])
    else:
        for each in told:
            _show(each, policy)
    _complain(readings)
    return int(any(isinstance(each, Unintelligible) for each in readings))


def _readings(kind: SourceKind, body: bytes, name: str, opens: Opens) -> Translation:
    """What a body says, at whichever of the addresses of its kind it is understood."""
    shared = kind.signals.shared if kind.signals else ()
    heads: list[dict[str, str]] = [{}, *({FORM: each.form} for each in shared if each.form)]
    found = [kind.translate(kind.whole(head, body), name, opens) for head in heads]
    understood = (each for each in found if not all(isinstance(it, Unintelligible) for it in each))
    return next(understood, found[0])


def preset(name: str | None = None) -> None:
    """Print the preset NAME of generic sources as TOML, or the names of all."""
    from adapters.products.generic import presets  # noqa: PLC0415 - for those who ask

    if name is None:
        print("\n".join(presets.all_presets()))
    else:
        file = presets.FOLDER / f"{presets.named(name).names[0]}.toml"
        print(file.read_text(), end="")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigFault(f"cannot read {file}: {error.strerror}") from error


def tried(reading: Report | ChangeReport, policy: Policy) -> Tried:
    """What a reading would be told as."""
    if isinstance(reading, ChangeReport):
        return _tried_change(reading)
    alert = reading.alert
    severity = severity_of(alert, policy)
    return Tried(
        key=alert.alert_id,
        state="resolved" if alert.kind is AlertKind.RESOLVED else "firing",
        title=alert.title,
        severity=severity.name if severity else None,
        service=alert.service,
        at=_instant(alert.began_at or reading.occurred_at),
        links=tuple(dict.fromkeys(filter(None, (alert.url, *(it.url for it in alert.links))))),
    )


def _tried_change(reading: ChangeReport) -> Tried:
    change = reading.change
    return Tried(
        key=change.id,
        state="change",
        title=change.summary,
        severity=None,
        service=change.service,
        at=_instant(reading.made_at),
        links=tuple(each.url for each in change.links),
    )


def _instant(at: datetime | None) -> str | None:
    """`2026-02-03T04:05:06.789Z`: no digits that say nothing."""
    if at is None:
        return None
    said = at.replace(tzinfo=None).isoformat()
    return (said.rstrip("0") if "." in said else said) + "Z"


def _show(reading: Report | ChangeReport, policy: Policy) -> None:
    shown = tried(reading, policy)
    severity, more = shown.severity or "—", list[tuple[str, str]]()
    state: str = shown.state
    if isinstance(reading, Report):
        alert, labels = reading.alert, reading.labels.items()
        state = f"{shown.state} ({alert.kind.value})"
        severity += f" ({alert.priority})" if alert.priority else ""
        more = [
            ("occurred", _instant(reading.occurred_at) or "—"),
            ("labels", "\n".join(f"{key}={each}" for key, each in labels) or "—"),
            ("details", alert.text or "—"),
        ]
    rows = [
        ("key", shown.key),
        ("state", state),
        ("title", shown.title or "—"),
        ("severity", severity),
        ("service", shown.service or "—"),
        ("at", shown.at or "—"),
        ("links", "\n".join(shown.links) or "—"),
        *more,
    ]
    tables.table(shown.title or shown.key, ("field", "value"), rows)


def _complain(readings: Sequence[Reading]) -> None:
    sys.stdout.flush()
    for each in readings:
        if isinstance(each, Unintelligible):
            tables.complain(f"into quarantine: {each.code}: {each.reason}")
        elif isinstance(each, Unwanted):
            tables.complain(f"passed over: {each.reason}")


GROUP = App(name="sources", help="Who may send alerts, and how their bodies are read.")
GROUP.command(try_, name="try")
GROUP.command(preset)
