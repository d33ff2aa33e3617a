"""Definitions of service level objectives, checked and replayed offline.

It asks no service and reads no configuration, so nothing of either is imported.
"""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import msgspec
from cyclopts import App, Parameter

from adapters.openslo.fields import FieldFinding
from adapters.openslo.verdicts import Verdict, verdicts

Shape = Literal["table", "json"]


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
        _fail("name a file of definitions")
    found = verdicts(files, whole=whole)
    if format == "json":
        _print([msgspec.to_builtins(each) for each in found])
    else:
        for each in found:
            _show_verdict(each)
    if not all(each.valid for each in found):
        sys.stdout.flush()
        sys.exit(1)


def _show_verdict(each: Verdict) -> None:
    what = " ".join(filter(None, (each.kind, each.name)))
    place = f"{each.file}[{each.document}]"
    print(f"{place}{f' {what}' if what else ''}: {'valid' if each.valid else 'not valid'}")
    for mark, findings in (("", each.problems), ("note: ", each.notes)):
        for one in findings:
            print(f"  {mark}{_said(one)}")
    for one in each.elsewhere:
        print(f"  not in these files: {_said(one)}")


def _said(finding: FieldFinding) -> str:
    return f"{f'{finding.at}: ' if finding.at else ''}{finding.detail} [{finding.rule}]"


def _print(found: Any) -> None:
    print(json.dumps(found, indent=1, ensure_ascii=False))


def _fail(detail: str) -> NoReturn:
    print(detail, file=sys.stderr)
    sys.exit(1)


GROUP = App(
    name="slo", help="Service level objectives as code: checked, computed, replayed, offline."
)
GROUP.command(check)
