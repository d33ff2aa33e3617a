"""A post-mortem as others see it."""

from datetime import datetime

import msgspec

from domain.kernel.roster import Who
from domain.learning.postmortem.completeness import missing
from domain.learning.postmortem.curation import AddedEntry, Remarked
from domain.learning.postmortem.dossier import (
    Meeting,
    Postmortem,
    PostmortemReviewer,
    PostmortemStatus,
)
from domain.learning.postmortem.fault_tree import cut_sets, single_points
from domain.learning.postmortem.public_state import PublicVersion, Written
from domain.learning.postmortem.sections import Factor, FaultTree, Why
from domain.policy import Severity


class FaultTreeView(msgspec.Struct, frozen=True, kw_only=True):
    """A fault tree, and what follows from it: its minimal `cut_sets`, the smallest first, and the
    events each of which alone brings the top about.
    """

    tree: FaultTree
    cut_sets: tuple[tuple[str, ...], ...]
    single_points_of_failure: tuple[str, ...]


class PostmortemView(msgspec.Struct, frozen=True, kw_only=True):
    """A post-mortem, whole. `impact`, `prose` and `points` are by field; `written` says how often
    each field was, and by whom last: whoever edits one sends that `version` as `seen`. `missing` is
    what it lacks to be final. `hidden` and `annotations` are by the event ids of the incident's
    timeline; `interviews` are those whose notes were released, `public` the version for
    the public.
    """

    id: str
    reference: str
    title: str
    incident: str
    incident_reference: str
    severity: Severity | None
    drill: bool
    status: PostmortemStatus
    author: Who | None
    due_at: datetime | None
    opened_at: datetime
    final_at: datetime | None
    reopened_because: str | None
    blame_overridden_because: str | None
    prose: dict[str, str]
    impact: dict[str, str]
    points: dict[str, tuple[str, ...]]
    factors: tuple[Factor, ...]
    whys: tuple[Why, ...]
    fault_tree: FaultTreeView | None
    written: dict[str, Written]
    reviewers: tuple[PostmortemReviewer, ...]
    meeting: Meeting | None
    hidden: dict[str, str]
    annotations: dict[str, str]
    added: tuple[AddedEntry, ...]
    comments: tuple[Remarked, ...]
    action_items: dict[str, str]
    no_action_items_because: str | None
    interviews: dict[str, str]
    public: PublicVersion
    missing: tuple[str, ...]
    changed_by: str
    changed_at: datetime
    position: int


def show(id_: str, pm: Postmortem, position: int) -> PostmortemView | None:
    """None before it was opened."""
    if not pm.number:
        return None
    assert pm.opened_at is not None and pm.changed_at is not None, "it was opened"  # noqa: PT018
    content, curation = pm.content, pm.curation
    return PostmortemView(
        id=id_,
        reference=pm.reference,
        title=pm.title,
        incident=pm.incident,
        incident_reference=pm.incident_reference,
        severity=pm.severity,
        drill=pm.drill,
        status=pm.status,
        author=pm.author,
        due_at=pm.due_at,
        opened_at=pm.opened_at,
        final_at=pm.final_at,
        reopened_because=pm.reopened_because,
        blame_overridden_because=pm.overridden,
        prose={str(name): text for name, text in content.prose.items()},
        impact={str(name): value for name, value in content.impact.items()},
        points={str(name): said for name, said in content.points.items()},
        factors=content.factors,
        whys=content.whys,
        fault_tree=_tree_of(content.fault_tree),
        written=pm.written,
        reviewers=pm.reviewers,
        meeting=pm.meeting,
        hidden=curation.hidden,
        annotations=curation.notes,
        added=curation.added,
        comments=pm.comments,
        action_items=pm.actions,
        no_action_items_because=pm.no_actions,
        interviews=pm.interviews,
        public=pm.public,
        missing=() if pm.status is PostmortemStatus.FINAL else missing(pm),
        changed_by=pm.changed_by,
        changed_at=pm.changed_at,
        position=position,
    )


def _tree_of(tree: FaultTree | None) -> FaultTreeView | None:
    if tree is None:
        return None
    sets = cut_sets(tree)
    return FaultTreeView(
        tree=tree,
        cut_sets=tuple(tuple(sorted(each)) for each in sets),
        single_points_of_failure=single_points(tree, sets),
    )


class PostmortemLine(msgspec.Struct, frozen=True, kw_only=True):
    """A post-mortem in lists."""

    id: str
    reference: str
    title: str
    incident: str
    incident_reference: str
    severity: Severity | None
    status: PostmortemStatus
    author: str | None
    due_at: datetime | None
    final_at: datetime | None
    action_items: tuple[str, ...]
    position: int


def line_of(id_: str, pm: Postmortem, position: int) -> PostmortemLine:
    """What lists show of it."""
    return PostmortemLine(
        id=id_,
        reference=pm.reference,
        title=pm.title,
        incident=pm.incident,
        incident_reference=pm.incident_reference,
        severity=pm.severity,
        status=pm.status,
        author=pm.author.name if pm.author else None,
        due_at=pm.due_at,
        final_at=pm.final_at,
        action_items=tuple(pm.actions.values()),
        position=position,
    )


def headline(shown: PostmortemView | PostmortemLine) -> str:
    """A line for people: `PM-7 (draft): INC-7 Payments fail`."""
    return f"{shown.reference} ({shown.status}): {shown.incident_reference} {shown.title}"
