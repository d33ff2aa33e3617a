"""ChaosResult objects of Litmus, as `kubectl get chaosresult -o json` (or yaml) shows them.

Source: litmuschaos.io, the custom resource ChaosResult. Percentages are text; `history` counts
earlier runs as well and says nothing of this one; a run may fail because its harm could not be
done, which tells nothing of the system.
"""

import re
from collections.abc import Mapping
from typing import Any

from adapters.chaos.loose_records import items, part, text
from domain.chaos.experiment import Activity, Experiment

NOT_INJECTED = re.compile(
    r"INJECT|TARGET_SELECTION|HELPER|GENERIC|RUNTIME|IMAGE|CLIENT|PERMISSION|RBAC|TIMEOUT|UNKNOWN",
    re.IGNORECASE,
)
"""Error codes of a run that did no harm, or of which nobody knows whether it did."""
DURING = ("Continuous", "OnChaos")
ENDED = ("completed", "completed_with_probe_failure")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*%?", re.ASCII)


def is_result(content: Any) -> bool:
    """Whether it is such an object."""
    return (
        isinstance(content, Mapping)
        and content.get("kind") == "ChaosResult"
        and str(content.get("apiVersion", "")).startswith("litmuschaos.io/")
    )


def experiment_of(result: Mapping[str, Any]) -> Experiment:
    """What a result records. What is missing in it, or is of another type, is not known."""
    status = part(result, "status")
    run = part(status, "experimentStatus") or part(status, "experimentstatus")
    probes = items(status, "probeStatuses")
    before = [_probe(each) for each in probes if text(each, "mode") == "SOT"]
    during = [_probe(each) for each in probes if text(each, "mode") in DURING]
    after = [_probe(each) for each in probes if text(each, "mode") not in {"SOT", *DURING}]
    judged = (*before, *during, *after)
    is_failed = any(each.worked is False for each in judged)
    return Experiment(
        name=text(part(result, "spec"), "experiment") or "an experiment without a name",
        interrupted=_interrupted(run),
        is_dry=False,
        actions=(_injection(result, run, is_failed=is_failed),),
        # That a probe failed is what it tells.
        probes=tuple(each for each in judged if each.worked is None),
        missing=(),
        has_hypothesis=True,
        steady_before=_all_worked(before),
        steady_during=tuple(each.worked for each in during),
        steady_after=_steady_after(run, after, is_failed=is_failed),
        deviated=None,
        deviation=_failed_probes(judged),
    )


def warnings_of(result: Mapping[str, Any]) -> list[str]:
    """What does not change the verdict, and is to be known: harm that may not be undone."""
    return [
        f"{text(each, 'kind') or 'the target'} {text(each, 'name') or ''} is {state}, not reverted"
        for each in _targets(result)
        if (state := text(each, "chaosStatus")) not in {None, "reverted"}
    ]


def _interrupted(run: Mapping[str, Any]) -> str | None:
    phase, verdict = text(run, "phase"), text(run, "verdict")
    if phase is None or phase.lower() not in ENDED:
        return phase or "it has no phase"
    said = run.get("probeSuccessPercentage")
    if said is not None and _share(run) is None:
        return f"the share of probes that passed is {str(said)[:40]!r}"
    return None if verdict in {"Pass", "Fail"} else verdict or "it has no verdict"


def _injection(result: Mapping[str, Any], run: Mapping[str, Any], *, is_failed: bool) -> Activity:
    """Whether the harm was done: nothing says so but that nothing says otherwise."""
    name = text(part(result, "spec"), "experiment") or "without a name"
    code = _code(run)
    if code and NOT_INJECTED.search(code) and not is_failed:
        return Activity(name, worked=False, detail=code)
    if code and text(run, "verdict") == "Pass":
        return Activity(name, worked=None, detail=f"its verdict is Pass, beside {code}")
    states = [text(each, "chaosStatus") for each in _targets(result)]
    if states and all(each in {"targeted", "notInjected", "N/A"} for each in states):
        return Activity(name, worked=None, detail="its targets were chosen, no harm is on record")
    return Activity(name, worked=True)


def _targets(result: Mapping[str, Any]) -> list[Any]:
    return items(part(part(result, "status"), "history"), "targets")


def _steady_after(run: Mapping[str, Any], after: list[Activity], *, is_failed: bool) -> bool | None:
    """By the probes after it, whatever the verdict is; without any, by the verdict and the share of
    probes that passed, where these say something of the system.
    """
    if any(each.worked is False for each in after):
        return False
    if is_failed:
        return None  # a probe before it, or while it ran, says it
    share, code = _share(run), _code(run)
    match text(run, "verdict"):
        case "Pass":
            return share is None or share == 100
        case "Fail" if not (code and NOT_INJECTED.search(code)):
            return False
    return None


def _all_worked(probes: list[Activity]) -> bool | None:
    if any(each.worked is False for each in probes):
        return False
    return True if probes and all(each.worked for each in probes) else None


def _share(run: Mapping[str, Any]) -> float | None:
    said = run.get("probeSuccessPercentage")
    matched = _PERCENT.fullmatch(str(said).strip()) if said is not None else None
    found = float(matched[1]) if matched else None
    return found if found is not None and found <= 100 else None


def _code(run: Mapping[str, Any]) -> str | None:
    for name in ("failureOutput", "errorOutput"):
        if found := text(part(run, name), "errorCode"):
            return found
    return None


def _probe(each: Any) -> Activity:
    name = text(each, "name") or "without a name"
    match text(part(each, "status"), "verdict"):
        case "Passed":
            return Activity(name, worked=True)
        case "Failed":
            return Activity(name, worked=False)
        case other:
            return Activity(name, worked=None, detail=other or "it has no verdict")


def _failed_probes(probes: tuple[Activity, ...]) -> str:
    found = [each.name for each in probes if each.worked is False]
    return f"failed: {', '.join(found)}" if found else ""
