"""What there is to say of corrections: what was put right or retracted, as it was and as it is."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from domain.incident import audiences as a
from domain.incident import events as e
from domain.incident.entries import ENTRY_NAMES
from domain.incident.events import IncidentEvent
from domain.incident.explanations import whys as y
from domain.incident.impact import Changes
from domain.incident.presentation import digest as d
from domain.incident.presentation.corrected_update import corrected_update
from domain.incident.presentation.event_words import EventWords
from domain.incident.presentation.row import Row, Weight
from domain.incident.severity.course import stated
from domain.kernel.text import behind_colon, clock
from domain.policy import Functionality


def _time_corrected(event: e.TimeCorrected) -> str:
    name = event.milestone.value.removesuffix("_at").replace("_", " ")
    said = f"at {clock(event.value)}" if event.value else "at a time that is not known"
    return f"Corrected: {name} {said}: {event.reason}"


def _description_corrected(event: e.DescriptionCorrected) -> str:
    """`Corrected: title “Checkout” → “Checkout fails”; services none → checkout`."""
    was, now = event.previous, event.now
    said = []
    if was.title != now.title:
        said.append(f"title “{was.title}” → “{now.title}”")
    if was.summary != now.summary:
        said.append(f"summary {_quoted(was.summary)} → {_quoted(now.summary)}")
    if was.services != now.services:
        before, after = (", ".join(each.services) or "none" for each in (was, now))
        said.append(f"services {before} → {after}")
    return f"Corrected: {'; '.join(said)}{behind_colon(event.reason)}"


def _quoted(text: str | None) -> str:
    return f"“{text}”" if text else "none"


def _entry_corrected(event: e.EntryCorrected) -> str:
    """`Corrected: action of 12:05 UTC: “restarted” → “restarted twice”`."""
    said = []
    if event.text != event.previous:
        said.append(f"{_quoted(event.previous)} → {_quoted(event.text)}")
    if event.at != event.previous_at:
        said.append(f"time → {clock(event.at)}")
    if event.headline != event.previous_headline:
        said.append(f"headline {_quoted(event.previous_headline)} → {_quoted(event.headline)}")
    if event.impact and event.previous_impact:
        said.extend(_figures_corrected(event.previous_impact, event.impact))
    entry = _entry_name(event, event.previous_at)
    return f"Corrected: {entry}: {', '.join(said)}{behind_colon(event.reason)}"


def _figures_corrected(was: Changes, now: Changes) -> Iterator[str]:
    """What of an impact reads otherwise, each with both: `users affected not stated → 200`."""
    before, after = stated(was), stated(now)
    for name in Changes.__struct_fields__:
        if name != "summary" and (name in before, before.get(name)) != (
            name in after,
            after.get(name),
        ):
            words = " → ".join(_value(each, name) for each in (before, after))
            yield f"{name.replace('_', ' ')} {words}"


def _value(said: dict[str, Any], name: str) -> str:
    if name not in said:
        return "not stated"
    match said[name]:
        case None:
            return "not known"
        case bool(value):
            return "yes" if value else "no"
        case Functionality() as value:
            return value.value.replace("_", " ")
        case float(value):
            return f"{value:.10g}"
        case value:
            return f"{value:,}"


def _entry_retracted(event: e.EntryRetracted) -> str:
    said = f" “{event.text}”" if event.text else ""
    return f"Retracted: {_entry_name(event, event.at)}{said}: {event.reason}"


def _entry_name(event: e.EntryCorrected | e.EntryRetracted, at: datetime) -> str:
    about = f" {event.about}" if event.kind.startswith("hypothesis_") else ""
    # An earlier release may have let something be put right that is fixed now.
    name = ENTRY_NAMES.get(event.kind, event.kind.replace("_", " "))
    return f"{name}{about} of {clock(at)}"


OF_CORRECTIONS: Mapping[type[IncidentEvent], Row] = {
    e.TimeCorrected: Row(
        line=_time_corrected,
        why=y.PUT_RIGHT,
        read_by=Weight.RESPONDERS,
        news=a.turned,
        digest=None,
        words=None,
    ),
    e.DescriptionCorrected: Row(
        line=_description_corrected,
        why=y.PUT_RIGHT,
        read_by=Weight.RESPONDERS,
        news=a.redescribed,
        digest=None,
        words=lambda v: EventWords(reason=v.reason),
    ),
    e.EntryCorrected: Row(
        line=_entry_corrected,
        why=y.PUT_RIGHT,
        read_by=Weight.NOBODY,
        news=a.corrected,
        digest=d.with_correction,
        words=lambda v: EventWords(text=v.text, reason=v.reason, corrected=corrected_update(v)),
    ),
    e.EntryRetracted: Row(
        line=_entry_retracted,
        why=y.PUT_RIGHT,
        read_by=Weight.NOBODY,
        news=a.corrected,
        digest=d.with_retraction,
        words=lambda v: EventWords(reason=v.reason, corrected=corrected_update(v)),
    ),
}
