"""Figures, patterns and the quality of alerts on the command line, below `stats`."""

from typing import Annotated

from cyclopts import Parameter

from adapters.cli import tables
from adapters.cli.parameters import AsOf, KnownAt
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, viewing
from adapters.insight_documents.figure_picture import picture
from domain.learning.definitions import in_words
from domain.learning.insight.alert_quality import AlertQuality
from domain.learning.insight.breakdown import Breakdown, GroupedBy, GroupFigures, WantedFigures
from domain.learning.insight.patterns import Patterns
from domain.learning.insight.words import ARROWS, counted, figure, repeated
from domain.learning.trends import PeriodFigures
from handlers.entrance.insights import alert_quality_of, figures_of, patterns_of, within_of
from handlers.entrance.learning_record import READ
from handlers.queries.parameters import cut_of
from projections.alerting.routes import ROUTES
from projections.incident.cost import INCIDENT_COST

From = Annotated[str | None, Parameter(name="--from", help="Those that began then or later.")]
To = Annotated[str | None, Parameter(name="--to", help="Those that began before that.")]


async def figures(  # noqa: PLR0913
    *,
    series: str = "ttresolve",
    by: GroupedBy = "all",
    since: From = None,
    until: To = None,
    quantile: tuple[float, ...] = WantedFigures().quantiles,
    within: tuple[float, ...] = (),
    as_of: AsOf = None,
    known_at: KnownAt = None,
    svg: Annotated[bool, Parameter(help="Print the picture of it.")] = False,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Durations between milestones, by group: any quantile, shares within thresholds (in seconds),
    what goes on and what is not known, and how a period differs from the one before.
    """
    wanted = WantedFigures(series=series, by=by, quantiles=quantile, within_s=within)
    period, cut = within_of(since, until), cut_of(as_of, known_at)
    async with connected(options) as parts:
        await caught_up(parts, *READ)
        found = await figures_of(parts.service, wanted, period, parts.clock.now(), cut)
    if svg:
        print(picture(found))
    elif format == "json":
        tables.as_json(found)
    else:
        _show_figures(found)


async def patterns(
    *,
    since: From = None,
    until: To = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """What fails together, what follows what, what repeats, what comes after changes, when, and who
    declares late or not at all. Small numbers are marked.
    """
    period, cut = within_of(since, until), cut_of(as_of, known_at)
    async with connected(options) as parts:
        await caught_up(parts, *READ)
        found = await patterns_of(parts.service, period, parts.clock.now(), cut)
    tables.as_json(found) if format == "json" else _show_patterns(found)


async def alerts(
    *,
    since: From = None,
    until: To = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Alert by alert, those that fired most: which of their incidents were real, false positives,
    or ended without anybody having declared them.
    """
    period = within_of(since, until)
    async with connected(options) as parts:
        await caught_up(parts, *READ, ROUTES.name)
        found = await alert_quality_of(parts.service, period, parts.clock.now())
    tables.as_json(found) if format == "json" else _show_alerts(found)


async def cost(
    ref: str,
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """What an incident cost in people's time, as far as the log tells: an estimate from below."""
    async with connected(options) as parts:
        viewer, cut = await viewing(parts), cut_of(as_of, known_at)
        found = (await parts.service.ask(INCIDENT_COST, {}, viewer, ref=ref, cut=cut)).answer
    if format == "json":
        tables.as_json(found)
        return
    total = "not known" if found.person_minutes is None else f"{found.person_minutes:g} min"
    tables.say(f"{found.reference}: {total} of {tables.count(found.people, 'person', 'people')}")
    tables.listed(*((role, [f"{spent:g} min"]) for role, spent in found.roles.items()))
    tables.listed(("acting", [f"{found.acting:g} min"]))


def _show_figures(found: Breakdown) -> None:
    quantiles = list(found.groups[0].quantiles_s) if found.groups else []
    shares = list(found.groups[0].shares) if found.groups else []
    tables.table(
        f"{found.definition}, by {found.by} (definitions {found.definitions_version})",
        (
            *("group", "incidents", "n", "open", "unknown"),
            *(f"p{float(each) * 100:g}" for each in quantiles),
            *(f"within {in_words(float(each))}" for each in shares),
            *("mean", "between two", "change of the median"),
        ),
        (
            (
                *(it.group, str(len(it.incidents)), str(it.n), str(it.open), str(it.unknown)),
                *(in_words(it.quantiles_s[each]) for each in quantiles),
                *(figure(it.shares[each], "share") for each in shares),
                *(in_words(it.mean_s), in_words(it.mtbf_s), changed(it)),
            )
            for it in found.groups
        ),
    )


def changed(it: GroupFigures | PeriodFigures) -> str:
    """How a figure has changed since the period before; nothing where that cannot be said."""
    if it.change_s is None or it.low_s is None or it.high_s is None:
        return ""
    interval = f"{in_words(it.low_s)} to {in_words(it.high_s)}"
    return f"{ARROWS[it.trend]}{in_words(it.change_s)} ({interval})"


def _few(few: bool) -> str:  # noqa: FBT001 - one column
    return "few" if few else ""


def _show_patterns(found: Patterns) -> None:
    tables.table(
        f"Services that fail together, in {tables.count(found.incidents, 'incident')}",
        ("services", "support", "lift", "", "incidents"),
        (
            (
                *(" + ".join(it.services), str(it.support), f"{it.lift:.2g}", _few(it.few)),
                ", ".join(it.incidents),
            )
            for it in found.together
        ),
    )
    tables.table(
        "What began within an hour after what",
        ("first", "then", "support", "confidence", "lift", "", "incidents"),
        (
            (
                *(it.first, it.then, f"{it.support} of {it.of}"),
                *(figure(it.confidence, "share"), f"{it.lift:.2g}", _few(it.few)),
                ", ".join(" → ".join(each) for each in it.incidents),
            )
            for it in found.cascades
        ),
    )
    tables.table(
        "How teams declare what alerts begin",
        ("team", "alerted", "undeclared", "late", "median", ""),
        (
            (
                *(it.team, str(it.alerted), str(len(it.undeclared)), str(len(it.late))),
                *(in_words(it.median_s), _few(it.few)),
            )
            for it in found.declaring
        ),
    )
    _show_rates(found)


def _show_rates(found: Patterns) -> None:
    repeats, changes = found.repeats, found.changes
    tables.say(repeated(repeats))
    tables.listed(*((ref, [", ".join(before)]) for ref, before in repeats.repeats.items()))
    tables.say(
        f"Change failure rate: {figure(changes.rate, 'share')} ({changes.failed} of"
        f" {tables.count(changes.changes, 'change')}). {'; '.join(changes.missing)}"
    )
    for name, counts in (("weekday", found.weekdays), ("hour (UTC)", found.hours)):
        tables.say(f"By {name}: {counted(counts)}")


def _show_alerts(found: tuple[AlertQuality, ...]) -> None:
    tables.table(
        "Alerts, those that fired most first",
        (
            *("alert", "source", "firings", "kept out", "real", "false", "ignored", "open"),
            *("precision", ""),
        ),
        (
            (
                *(it.alert, it.source, str(it.firings), str(it.kept_out), str(len(it.real))),
                *(str(len(each)) for each in (it.false_positives, it.ignored, it.open)),
                *(figure(it.precision, "share"), _few(it.few)),
            )
            for it in found
        ),
    )
