"""Journals of Chaos Toolkit: `chaos run` writes one of every run.

Source: chaostoolkit.org, "Experiment Journal". `completed` says that the activities were executed,
not that they worked, nor that the system was steady. `succeeded` says that a process ended or that
an answer came, whatever it said: an exit status or an HTTP status stands in the output.
"""

from collections.abc import Mapping
from typing import Any

from adapters.chaos.loose_records import flag, items, part, text
from domain.chaos.experiment import Activity, Experiment

HTTP_ERRORS_FROM = 400
DRY = ("activities", "actions", "probes", "pause")


def is_journal(content: Any) -> bool:
    """Whether it is such a journal."""
    return isinstance(content, Mapping) and isinstance(content.get("experiment"), Mapping)


def experiment_of(journal: Mapping[str, Any]) -> Experiment:
    """What a journal records. What is missing in it, or is of another type, is not known."""
    planned, states = part(journal, "experiment"), part(journal, "steady_states")
    run = items(journal, "run")
    status = text(journal, "status")
    before, after = _met(states.get("before")), _met(states.get("after"))
    # The state while it runs is looked at over and over.
    during = tuple(_met(each) for each in items(states, "during"))
    return Experiment(
        name=text(planned, "title") or "an experiment without a title",
        interrupted=None if status in {"completed", "deviated"} else status or "it has no status",
        is_dry=_is_dry(planned.get("dry")) or _is_dry(journal.get("dry")),
        actions=tuple(_action(each) for each in run if _type(each) == "action"),
        probes=tuple(_activity(each) for each in run if _type(each) != "action"),
        missing=_missing(planned, run),
        has_hypothesis=bool(items(part(planned, "steady-state-hypothesis"), "probes")),
        steady_before=before,
        steady_during=during,
        steady_after=after,
        deviated=True if status == "deviated" else flag(journal, "deviated"),
        deviation=_deviation(states),
    )


def warnings_of(journal: Mapping[str, Any]) -> list[str]:
    """What does not change the verdict, and is to be known: harm that may not be undone."""
    found = []
    for each in items(journal, "rollbacks"):
        done = _action(each)
        if not done.worked:
            found.append(f"the rollback {done.name} did not work: what was done may go on")
    planned = items(part(journal, "experiment"), "rollbacks")
    if len(planned) > len(items(journal, "rollbacks")):
        found.append("not all rollbacks were played: what was done may go on")
    return found


def _met(state: Any) -> bool | None:
    """Whether a steady state was met: a state with a probe that was not within its tolerance was
    not, whatever stands above it.
    """
    if not isinstance(state, Mapping):
        return None
    probes = [flag(each, "tolerance_met") for each in items(state, "probes")]
    said = flag(state, "steady_state_met")
    if said is False or False in probes:
        return False
    if said is None:
        return True if probes and all(probes) else None
    return said


def _action(result: Any) -> Activity:
    found = _activity(result)
    return _by_its_output(result, found) if found.worked else found


def _activity(result: Any) -> Activity:
    name = text(part(result, "activity"), "name") or "without a name"
    match text(result, "status"):
        case "succeeded":
            return Activity(name, worked=True)
        case "failed":
            return Activity(name, worked=False, detail=_exception(result))
        case None:
            return Activity(name, worked=None, detail="it has no status: it was interrupted")
        case other:
            return Activity(name, worked=None, detail=other)


def _by_its_output(result: Any, found: Activity) -> Activity:
    """An action that ended, and says itself that it did not do what it should."""
    provider, output = part(part(result, "activity"), "provider"), part(result, "output")
    status = output.get("status")
    if isinstance(status, bool) or not isinstance(status, int):
        return found
    if provider.get("type") == "process" and status != 0:
        return Activity(found.name, worked=False, detail=f"exit status {status}")
    if provider.get("type") == "http" and status >= HTTP_ERRORS_FROM:
        return Activity(found.name, worked=False, detail=f"HTTP status {status}")
    return found


def _missing(planned: Mapping[str, Any], run: list[Any]) -> tuple[str, ...]:
    """Activities of the method that have no result: names may come more than once."""
    left = [text(part(each, "activity"), "name") for each in run]
    missing = []
    for each in items(planned, "method"):
        name = text(each, "name") or text(each, "ref")
        if name in left:
            left.remove(name)
        else:
            missing.append(name or "without a name")
    return tuple(missing)


def _is_dry(value: Any) -> bool:
    return value is True or value in DRY


def _type(result: Any) -> str | None:
    return text(part(result, "activity"), "type")


def _deviation(states: Mapping[str, Any]) -> str:
    """Which probes were out of their tolerance."""
    found = [
        text(part(each, "activity"), "name") or "without a name"
        for state in (states.get("after"), *items(states, "during"))
        for each in items(state, "probes")
        if flag(each, "tolerance_met") is False
    ]
    return f"out of tolerance: {', '.join(dict.fromkeys(found))}" if found else ""


def _exception(result: Any) -> str:
    """The last line of what was raised."""
    raised = result.get("exception") if isinstance(result, Mapping) else None
    lines = raised if isinstance(raised, list) else [raised]
    said = [each.strip() for each in lines if isinstance(each, str) and each.strip()]
    return said[-1].splitlines()[-1][:200] if said else ""
