"""Messages: their templates, and what they would say."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from adapters.cli import tables
from adapters.cli.explaining import fail
from adapters.cli.session import DEFAULTS, Format, Options, connected, registry_in_use, viewing
from adapters.config.settings import TemplateSettings
from adapters.templates import Templates, open_templates
from adapters.templates.checking import check as faults_of
from adapters.templates.checking import in_use
from domain.incident import INCIDENT
from domain.incident.audiences import HEARD, KINDS
from domain.incident.commands import PostUpdate
from handlers.kernel.decoding import decode_command
from handlers.notify.preview import Rendering
from handlers.queries.parameters import one_of

Folder = Annotated[Path | None, Parameter(help="Instead of the configured `templates.folder`.")]


def list_(*, format: Format = "table", options: Options = DEFAULTS) -> None:  # noqa: A002
    """List which template words what, for whom."""
    rows = list(in_use(_templates(None, options), registry_in_use().aggregates))
    if format == "json":
        names = ("audience", "kind", "template", "own")
        tables.as_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    tables.table(
        tables.count(len(rows), "message"),
        ("audience", "kind", "template", "from"),
        ((*row[:3], "your folder" if row[3] else "built in") for row in rows),
    )


def show(template: str, *, options: Options = DEFAULTS) -> None:
    """Print a template, yours or else the built-in one, to begin one of your own with."""
    found = _templates(None, options)
    name = template if template.endswith(".j2") else f"{template}.j2"
    source = found.own.get(name) or found.shipped.get(name)
    if source is None:
        fail(f"there is no template {name}; `commandpost templates list` has them")
    print(tables.plain(source), end="")


def check(
    folder: Path | None = None,
    *,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> int:
    """Try your templates on incidents made up for it. Exit status 1: one cannot be used."""
    templates = _templates(folder, options)
    found = faults_of(templates, options.policy(), registry_in_use().aggregates)
    if format == "json":
        tables.as_json([{"template": name, "reason": reason} for name, reason in found])
    elif found:
        tables.table(tables.count(len(found), "fault"), ("template", "reason"), found)
    else:
        tables.say(f"{tables.count(len(templates.own), 'template')} of yours can be used.")
    return 1 if found else 0


async def preview(  # noqa: PLR0913
    kind: str,
    ref: str,
    *,
    audience: Annotated[list[str] | None, Parameter(help="Only these; repeat for several.")] = None,
    event: Annotated[str | None, Parameter(help="Id of the event; default the latest.")] = None,
    text: Annotated[str | None, Parameter(help="Of an update that is not posted yet.")] = None,
    status: Annotated[str | None, Parameter(help="What such an update reports.")] = None,
    headline: Annotated[str | None, Parameter(help="Its public title, for customers.")] = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Show what each audience is told of an incident: by the latest news of KIND in its log, or by
    an update that you have not posted yet (`preview update INC-1 --text …`). Nothing is written.
    """
    one_of([kind], "kind", KINDS)
    wanted = one_of(audience, "audience", tuple(HEARD))
    if text is None:
        async with connected(options) as parts:
            incident_id = await parts.service.find(INCIDENT, ref, await viewing(parts))
            messages = await parts.service.previewer.past(incident_id, kind, event)
        _shown([it for it in messages if not wanted or it.audience in wanted], format)
        return
    if kind != "update":
        fail("--text: only an update has a text")
    given = {"text": text, "status": status, "headline": headline, "audiences": wanted or None}
    body = msgspec.json.encode({name: value for name, value in given.items() if value})
    command = decode_command(INCIDENT, "post_update", body)
    assert isinstance(command, PostUpdate)
    async with connected(options) as parts:
        incident_id = await parts.service.find(INCIDENT, ref, await viewing(parts))
        found = await parts.service.previewer.update(incident_id, command)
    if format == "json":
        tables.as_json(found)
        return
    _shown(found.messages, format)
    tables.remarks(found.warnings)


def _shown(messages: Sequence[Rendering], format: Format) -> None:  # noqa: A002
    if format == "json":
        tables.as_json(messages)
        return
    for each in messages:
        text = f"--- to {each.audience}: {each.kind}\n{each.subject}\n\n{each.text}\n"
        print(tables.plain(text))
    if not messages:
        tables.say("Nobody would be told.")


def _templates(folder: Path | None, options: Options) -> Templates:
    config = options.load()
    settings = TemplateSettings(folder=str(folder)) if folder else config.templates
    return open_templates(settings)


GROUP = App(name="templates", help="The words of notifications.")
GROUP.command(list_, name="list")
GROUP.command(show)
GROUP.command(check)
