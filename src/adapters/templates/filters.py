"""How values read in messages: times, spans, impact. Templates use these as filters."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from domain.incident.alerts.labels import Labels, places
from domain.incident.impact import Impact, counted
from domain.kernel.roster import with_members
from domain.kernel.text import clock, duration, enumerated
from domain.kernel.totality import total
from domain.policy import Functionality

SERVICES_NAMED = 3
PLACES_SHOWN = 6
CUT = "…"


def time(at: datetime) -> str:
    """`12:00`."""
    return f"{at:%H:%M}"


def span(seconds: float) -> str:
    """Exact and in words: `15 minutes`, `2 hours`, `1 day`."""
    units = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
    whole = max(1, round(seconds))
    unit, size = next(pair for pair in units if whole % pair[1] == 0)
    count = whole // size
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def from_to(started_at: datetime | None, ended_at: datetime | None) -> str:
    """`2026-05-04 11:55 UTC to 2026-05-04 13:00 UTC (1 h 5 min)`, or what of it is not known."""
    if ended_at is None:
        return f"since {clock(started_at)}" if started_at else "not known"
    if started_at is None:
        return f"until {clock(ended_at)}; its beginning is not known"
    return f"{clock(started_at)} to {clock(ended_at)} ({duration(ended_at - started_at)})"


def named(services: Sequence[str]) -> str:
    """`checkout, payments and 2 more`; empty for none."""
    more = len(services) - SERVICES_NAMED
    names = ", ".join(services[:SERVICES_NAMED])
    return f"{names} and {more} more" if more > 0 else names


def sentence(text: str) -> str:
    """The text, begun with a capital letter and ended with a full stop."""
    text = full_stop(text)
    return text[:1].upper() + text[1:]


def full_stop(text: str) -> str:
    """The text, ended with a full stop if it has no end of its own."""
    text = text.strip()
    return text if not text or text[-1] in ".!?:…" else f"{text}."


def short(text: str, most: int = 300) -> str:
    """On one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + CUT


def item(text: str) -> str:
    """One of several in a row: on one line, without the full stop of a sentence."""
    line = short(text)
    return line if line.endswith("..") else line.removesuffix(".")


def clip(text: str, most: int = 500) -> str:
    """The beginning of a text, in its lines, with a sign where there is more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + CUT


def where(labels: Labels, most: int = PLACES_SHOWN) -> str:
    """`pod checkout-7f9, namespace shop`, the most telling labels first; empty for none."""
    told = places(tuple(labels))
    more = len(told) - most
    count = f" and {more} more label{'s' if more > 1 else ''}" if more > 0 else ""
    return f"{_in_a_row(told[:most])}{count}"


def more_labels(labels: Labels, shown: int = PLACES_SHOWN) -> str:
    """Those that `where` does not name: two alerts may differ in nothing else."""
    return _in_a_row(labels[min(shown, len(places(tuple(labels)))) :])


def _in_a_row(labels: Labels) -> str:
    return ", ".join(f"{name} {' '.join(value.split())}" for name, value in labels)


_SYMPTOMS = total(
    "symptoms",
    Functionality,
    {
        Functionality.FULL_OUTAGE: "a full outage",
        Functionality.KEY_FEATURE_DOWN: "the loss of a key feature",
        Functionality.MINOR_FEATURE_BROKEN: "a minor fault",
        Functionality.COSMETIC: "a cosmetic fault",
    },
)


def effect(impact: Impact, tense: str = "present") -> str:
    """Who is affected and how, as specific as it is known, in sentences.

    Source: brief, "Stakeholder Communication Templates" and "Be specific about impact".
    """
    past = tense == "past"
    concerns = [words[past] for name, words in _CONCERNS if getattr(impact, name)]
    summary = _in_words(impact.summary, past=past)
    said = [_who(impact, past=past), *((*concerns, summary) if past else (summary, *concerns))]
    unknown = f"Not known{'' if past else ' yet'}: who {'was' if past else 'is'} affected, and how."
    return " ".join(words for words in said if words) or unknown


_CONCERNS = (
    ("paying_customers", ("Paying customers are among them.", "Paying customers were among them.")),
    ("customer_reported", ("Customers have reported it.", "Customers have reported it.")),
    (
        "data_integrity_concern",
        ("The integrity of data is in doubt.", "The integrity of data was in doubt."),
    ),
    ("security_breach", ("A security breach is suspected.", "A security breach was suspected.")),
)
"""What is said of each now, and once users are no longer affected."""


def _in_words(summary: str | None, *, past: bool) -> str:
    """What a person has said of it. Whatever tense they used, afterwards it is what was said."""
    if not summary:
        return ""
    return f"As responders put it then: “{summary.strip()}”." if past else sentence(summary)


def _who(impact: Impact, *, past: bool) -> str:
    share, users = impact.percent_affected, impact.users_affected
    symptom = _SYMPTOMS.get(impact.functionality) if impact.functionality else None
    suffers = f"{'experienced' if past else 'are experiencing'} {symptom or 'problems'}"
    hit = counted(impact) if impact.regions or impact.tenants or impact.services else []
    if impact.scope and not hit:
        hit = [f"{impact.scope} services, regions or tenants"]
    where = f" ({', '.join(hit)})" if hit else ""
    if share is not None:
        count = f" ({users:,})" if users is not None else ""
        return f"{share:g}% of users{count} {suffers}{where}."
    if users is not None:
        return f"{users:,} users {suffers}{where}."
    if symptom or hit:
        return f"Users {suffers}{where}; how many is not known{'' if past else ' yet'}."
    return ""


FILTERS: dict[str, Callable[..., Any]] = {
    "moment": clock,
    "time": time,
    "span": span,
    "until": from_to,
    "named": named,
    "with_members": with_members,
    "sentence": sentence,
    "full_stop": full_stop,
    "item": item,
    "enumerated": enumerated,
    "short": short,
    "clip": clip,
    "where": where,
    "more_labels": more_labels,
    "effect": effect,
}
