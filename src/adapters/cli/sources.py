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
from domain.incident.alerts.alert import AlertKind, Opens
from domain.incident.alerts.stated import severity_of
from domain.policy import Policy
from handlers.ingest.reports import ChangeReport, Reading, Report, Unintelligible, Unwanted


class TriedAlert(msgspec.Struct, frozen=True, kw_only=True):
    """What one alert of a body would be read as. `at` is when it began, as far as that is said."""

    key: str
    state: Literal["firing", "resolved"]
    title: str | None
    severity: str | None
    service: str | None
    at: str | None
    links: tuple[str, ...]


def add_to(app: App) -> None:
    """Register the commands of this module."""
    sources = App(name="sources", help="Who may send alerts, and how their bodies are read.")
    sources.command(try_, name="try")
    sources.command(preset)
    app.command(sources)


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
    readings = kind.translate(kind.whole({}, _read(file)), name, Opens(settings.opens))
    policy = configured_policy(config)
    reports = [each for each in readings if isinstance(each, Report)]
    if format == "json":
        tables.as_json([tried(each, policy) for each in reports])
    else:
        for report in reports:
            _show(report, policy)
    _complain(readings)
    return int(any(isinstance(each, Unintelligible) for each in readings))


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


def tried(report: Report, policy: Policy) -> TriedAlert:
    """What a report would be told as."""
    alert = report.alert
    severity = severity_of(alert, policy)
    return TriedAlert(
        key=alert.alert_id,
        state="resolved" if alert.kind is AlertKind.RESOLVED else "firing",
        title=alert.title,
        severity=severity.name if severity else None,
        service=alert.service,
        at=_instant(alert.began_at or report.occurred_at),
        links=tuple(dict.fromkeys(filter(None, (alert.url, *(it.url for it in alert.links))))),
    )


def _instant(at: datetime | None) -> str | None:
    """`2026-02-03T04:05:06.789Z`: no digits that say nothing."""
    if at is None:
        return None
    said = at.replace(tzinfo=None).isoformat()
    return (said.rstrip("0") if "." in said else said) + "Z"


def _show(report: Report, policy: Policy) -> None:
    shown, said = tried(report, policy), report.alert.priority
    rows = [
        ("key", shown.key),
        ("state", f"{shown.state} ({report.alert.kind.value})"),
        ("title", shown.title or "—"),
        ("severity", f"{shown.severity or '—'}{f' ({said})' if said else ''}"),
        ("service", shown.service or "—"),
        ("at", shown.at or "—"),
        ("occurred", _instant(report.occurred_at) or "—"),
        ("links", "\n".join(shown.links) or "—"),
        ("labels", "\n".join(f"{key}={each}" for key, each in report.labels.items()) or "—"),
        ("details", report.alert.text or "—"),
    ]
    tables.table(shown.title or shown.key, ("field", "value"), rows)


def _complain(readings: Sequence[Reading]) -> None:
    sys.stdout.flush()
    for each in readings:
        if isinstance(each, Unintelligible):
            tables.complain(f"into quarantine: {each.code}: {each.reason}")
        elif isinstance(each, ChangeReport):
            tables.complain(f"a change, for timelines: {each.change.summary}")
        elif isinstance(each, Unwanted):
            tables.complain(f"passed over: {each.reason}")
