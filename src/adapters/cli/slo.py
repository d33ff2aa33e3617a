"""Definitions of service level objectives, checked and replayed offline.

It asks no service and reads no configuration, so nothing of either is imported.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from adapters.cli.offline import Shape, fail, failed, print_json
from adapters.cli.slo_tables import (
    replay_document,
    replay_lines,
    threshold_document,
    threshold_line,
)
from adapters.openslo.fields import FieldFinding
from adapters.openslo.objective_reading import objectives_of
from adapters.openslo.series_csv import samples_of
from adapters.openslo.verdicts import Verdict, verdicts, verdicts_on
from adapters.strict_documents import definitions_of
from domain.slo.burn_rate import thresholds as thresholds_of
from domain.slo.burn_replay import replay_of
from domain.slo.objective import Objective
from domain.slo.series import by_minute
from domain.slo.window_lengths import minutes_of, share_of


def check(
    *files: Annotated[Path, Parameter(help="Files of YAML or JSON, or folders of them.")],
    whole: Annotated[
        bool, Parameter(help="All that is referred to must be in these files.")
    ] = False,
    format: Shape = "table",  # noqa: A002
) -> None:
    """Say of each definition in FILES whether it is valid, and what is wrong with it: OpenSLO
    (v1alpha, v1, v2alpha) and the form with `slis` and `slos`. The exit status is 1 where one is
    not valid.
    """
    if not files:
        fail("name a file of definitions")
    found = verdicts(files, whole=whole)
    if format == "json":
        print_json([msgspec.to_builtins(each) for each in found])
    else:
        for each in found:
            print("\n".join(_verdict_lines(each)))
    if not all(each.valid for each in found):
        failed()


def thresholds(
    *,
    window: Annotated[str, Parameter(help="The window of the objective: 30d, 4w, 1M.")],
    target: Annotated[str, Parameter(help="In per cent: 99.9.")],
    format: Shape = "table",  # noqa: A002
) -> None:
    """Say above which burn rate each rule is true for an objective, exactly, and what that means.
    The exit status is 1 where one could never be true.
    """
    try:
        minutes, share = minutes_of(window), share_of(target)
    except ValueError as error:
        fail(str(error))
    found = thresholds_of(minutes, share)
    if format == "json":
        print_json(
            {
                "window_minutes": minutes,
                "target": str(share),
                "rules": [threshold_document(each, minutes) for each in found],
            }
        )
    else:
        for each in found:
            print(threshold_line(each, minutes))
    if not all(each.can_fire for each in found):
        failed()


def replay(  # noqa: PLR0913
    file: Annotated[Path, Parameter(help="A file of definitions.")],
    *,
    series: Annotated[Path, Parameter(help="A CSV file: minute,good,total.")],
    slo: Annotated[str | None, Parameter(help="Which of the objectives, by name.")] = None,
    min_bad: Annotated[int, Parameter(help="So many failures a rule needs at least.")] = 0,
    min_total: Annotated[int, Parameter(help="So many events a rule needs at least.")] = 0,
    counters: Annotated[bool, Parameter(help="The counts are of counters that grow.")] = False,
    format: Shape = "table",  # noqa: A002
) -> None:
    """Say in which minutes of SERIES each alert on the burn rate of an objective in FILE is true,
    and what is left of its budget at the end.
    """
    objective = _objective(file, slo)
    try:
        counted = by_minute(samples_of(series), counters=counters)
    except (ValueError, OSError) as error:
        fail(str(error))
    found = replay_of(counted.minutes, objective, min_bad=min_bad, min_total=min_total)
    if format == "json":
        print_json(replay_document(found, counted))
    else:
        print("\n".join(replay_lines(found, counted)))


def _objective(file: Path, name: str | None) -> Objective:
    """The objective that is meant: the one that there is, or the one of that name."""
    read = list(definitions_of(file))
    for each in verdicts_on(read):
        if not each.valid:
            fail("\n".join(_verdict_lines(each)))
    try:
        found = list(objectives_of(each.content for each in read))
    except ValueError as error:
        fail(str(error))
    named = [each for each in found if name is None or each.name == name]
    if len(named) != 1:
        names = ", ".join(each.name for each in found) or "none"
        fail(
            f"{file} has these objectives: {names}"
            + ("; name one with --slo" if found and name is None else "")
        )
    return named[0]


def _verdict_lines(each: Verdict) -> Iterator[str]:
    what = " ".join(filter(None, (each.kind, each.name)))
    place = f"{each.file}[{each.document}]"
    yield f"{place}{f' {what}' if what else ''}: {'valid' if each.valid else 'not valid'}"
    for one in each.problems:
        yield f"  {_said(one)}"
    for one in each.notes:
        yield f"  note: {_said(one)}"
    for one in each.elsewhere:
        yield f"  not in these files: {_said(one)}"


def _said(finding: FieldFinding) -> str:
    return f"{f'{finding.at}: ' if finding.at else ''}{finding.detail} [{finding.rule}]"


OFFLINE_GROUP = App(
    name="slo", help="Service level objectives as code: checked, computed, replayed, offline."
)
OFFLINE_GROUP.command(check)
OFFLINE_GROUP.command(thresholds)
OFFLINE_GROUP.command(replay)
