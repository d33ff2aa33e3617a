"""Files of experiments, whatever tool wrote them, with the verdict on each."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml

from adapters.chaos import litmus_result, toolkit_journal
from adapters.yaml_documents import UNREADABLE, CoreLoader, content_of, fault_of
from domain.chaos.experiment import ChaosVerdict, Experiment, judge

JOURNAL_BYTES_MOST = 64 << 20


class ExperimentRead(msgspec.Struct, frozen=True, kw_only=True):
    """What an experiment told, and why; `warnings` do not change that."""

    tool: str | None
    name: str | None
    verdict: ChaosVerdict
    why: str
    warnings: tuple[str, ...] = ()


def read_experiments(path: Path) -> list[ExperimentRead]:
    """The experiments of a file, one at least: of a file that cannot be read nothing is known."""
    try:
        contents = list(_objects(_content(path)))
    except UNREADABLE as error:
        return [_nothing(f"it cannot be read: {fault_of(error)}")]
    return [_read(each) for each in contents] or [_nothing("it holds no experiment")]


def _content(path: Path) -> Any:
    raw = content_of(path, JOURNAL_BYTES_MOST)
    if path.suffix in {".yaml", ".yml"}:
        return [each for each in yaml.load_all(raw, CoreLoader) if each is not None]
    return json.loads(raw, object_pairs_hook=_without_twins)


def _objects(content: Any) -> Iterator[Any]:
    """One by one: of a list, and of what `kubectl get` lists."""
    match content:
        case list():
            for each in content:
                yield from _objects(each)
        case {"kind": str(kind), "items": [*items]} if kind.endswith("List"):
            yield from items
        case _:
            yield content


def _read(content: Any) -> ExperimentRead:
    if toolkit_journal.is_journal(content):
        warnings = toolkit_journal.warnings_of(content)
        return _judged("chaostoolkit", toolkit_journal.experiment_of(content), warnings)
    if litmus_result.is_result(content):
        warnings = litmus_result.warnings_of(content)
        return _judged("litmus", litmus_result.experiment_of(content), warnings)
    return _nothing("it is neither a journal of Chaos Toolkit nor a ChaosResult of Litmus")


def _judged(tool: str, experiment: Experiment, warnings: list[str]) -> ExperimentRead:
    found = judge(experiment)
    return ExperimentRead(
        tool=tool,
        name=experiment.name,
        verdict=found.verdict,
        why=found.why,
        warnings=tuple(warnings),
    )


def _nothing(why: str) -> ExperimentRead:
    return ExperimentRead(tool=None, name=None, verdict=ChaosVerdict.UNKNOWN, why=why)


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice in it: which of both holds is not known")
    return found
