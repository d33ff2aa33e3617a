"""What of incidents, post-mortems and action items is looked for: which fields, in which words.

Each field is named here. Whatever else one has, or comes to have, is in no answer until it is, too.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from domain.incident import events as e
from domain.incident.entries import key
from domain.incident.hypothesis import HypothesisStatus
from domain.incident.others import was_given_back
from domain.incident.state import KnownIncident
from domain.kernel.commit import Event, Recorded, event_id, name_of
from domain.learning.action_item.item import ActionItem
from domain.learning.postmortem.dossier import Postmortem

ENTRY_KINDS = {e.NoteAdded: "note", e.ActionLogged: "action", e.UpdatePosted: "update"}
"""What of a timeline is found by itself."""
KIND_BY_NAME = {name_of(kind): found for kind, found in ENTRY_KINDS.items()}


def of_incident(incident: KnownIncident) -> str:
    """All that is said of one beside its title and its entries."""
    facts, response = incident.facts, incident.facts.response
    said = [
        ("", facts.about.summary),
        ("Impact", facts.assessment.impact.summary),
        ("Cause", response.root_cause),
        ("Mitigation", response.mitigation),
        ("Resolution", response.resolution),
        ("Verified", response.verification),
        ("Public headline", response.headline),
        ("Alert", facts.alerts.title),
    ]
    for path in response.hypotheses:
        if path.status is not HypothesisStatus.RETRACTED and not was_given_back(path.finding):
            said.append((f"{path.name}, {path.status.value}", path.statement))
            said.append((f"{path.name}, finding", path.finding))
    return joined(said)


def of_postmortem(pm: Postmortem) -> str:
    """What stands in its fields, those that all its readers read."""
    content = pm.content
    said = [("", text) for text in content.prose.values()]
    said += [("", text) for points in content.points.values() for text in points]
    said += [(f"{each.kind.value} factor", each.text) for each in content.factors]
    said += [(each.question, each.answer) for each in content.whys]
    if content.fault_tree:
        said += [("", node.text) for node in content.fault_tree.nodes]
    return joined(said)


def of_action_item(item: ActionItem) -> str:
    """What is to be done, and what became of it."""
    return joined(
        [
            ("Outcome", item.outcome),
            ("Owner", item.owner.name),
            ("Evidence", item.evidence),
            ("Declined", item.declined_because),
        ]
    )


def joined(said: Iterable[tuple[str, str | None]]) -> str:
    """Sentences one behind another, each under what it is."""
    return " · ".join(f"{what}: {text}" if what else text for what, text in said if text)


def entries_in(recorded: Recorded[Event]) -> Iterator[tuple[str, str, Any, str | None]]:
    """The entries that a commit adds or puts right: the id of each, its kind, the time at which it
    happened, and what it says; None: it was taken back.
    """
    for index, event in enumerate(recorded.commit.events):
        match event:
            case e.NoteAdded(text=text) | e.ActionLogged(action=text):
                id_ = key(event_id(recorded.commit.id, index), event)
                yield id_, ENTRY_KINDS[type(event)], event.occurred_at, text
            case e.UpdatePosted(automatic=None):
                id_ = key(event_id(recorded.commit.id, index), event)
                yield (
                    id_,
                    "update",
                    event.occurred_at,
                    joined([("", event.headline), ("", event.text)]),
                )
            case e.EntryCorrected() if event.kind in KIND_BY_NAME:
                said = joined([("", event.headline), ("", event.text)])
                yield event.entry, KIND_BY_NAME[event.kind], event.at, said
            case e.EntryRetracted() if event.kind in KIND_BY_NAME:
                yield event.entry, KIND_BY_NAME[event.kind], event.at, None
