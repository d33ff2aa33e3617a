"""Records of chaos experiments, read offline: what they told.

It asks no service and reads no configuration, so nothing of either is imported.
"""

from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import App, Parameter

from adapters.chaos.experiment_files import ExperimentRead, read_experiments
from adapters.cli.offline import Shape, failed, print_json
from domain.chaos.experiment import ChaosVerdict


def read(
    file: Annotated[Path, Parameter(help="A journal of Chaos Toolkit, or a result of Litmus.")],
    *,
    format: Shape = "table",  # noqa: A002
) -> None:
    """Say whether the experiment in FILE passed or failed, or told nothing, and why. That a tool
    calls it completed does not count. The exit status is 1 where FILE holds no experiment.
    """
    found = read_experiments(file)
    if format == "json":
        print_json(_document(found))
    else:
        for each in found:
            print(f"{each.name or file}: {each.verdict}: {each.why}")
            for warning in each.warnings:
                print(f"  {warning}")
    if not any(each.tool for each in found):
        failed()


def _document(found: list[ExperimentRead]) -> dict[str, Any]:
    """The one that there is; of several the worst, with all of them beside it."""
    worst = (ChaosVerdict.FAILED, ChaosVerdict.UNKNOWN, ChaosVerdict.PASSED)
    first = min(found, key=lambda each: worst.index(each.verdict))
    document: dict[str, Any] = msgspec.to_builtins(first)
    if len(found) > 1:
        document["experiments"] = [msgspec.to_builtins(each) for each in found]
    return document


GROUP = App(name="chaos", help="Records of chaos experiments, read offline: what they told.")
GROUP.command(read)
