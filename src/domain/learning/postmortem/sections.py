"""The fields of a post-mortem, as the template of the brief has them ("Post-Mortem Document
Template"). These shapes stand in events, which are on disk for ever: limits may be loosened.
"""

import re
from enum import StrEnum
from typing import Annotated

import msgspec

from domain.kernel.totality import total

Passage = Annotated[str, msgspec.Meta(min_length=1, max_length=10_000, pattern=r"\S")]
"""A text of some paragraphs."""
Point = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000, pattern=r"\S")]
"""One item of a list."""
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]
NodeId = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Figure = Annotated[str, msgspec.Meta(max_length=100)] | int | float
"""A number with its unit (`4200`, `12 %`, `about 30,000 EUR`), `none`, or `not known`."""
_FIGURE = re.compile(r"none|not known|[^\d\n]{0,20}\d[\d.,\u00a0 ]*[^\d\n]{0,60}")


def is_figure(value: str) -> bool:
    """Whether a text is a figure of the impact."""
    return _FIGURE.fullmatch(value) is not None


class Prose(StrEnum):
    """Fields that are a text."""

    EXECUTIVE_SUMMARY = "executive_summary"
    WHAT_HAPPENED = "what_happened"


class Points(StrEnum):
    """Fields that are a list."""

    WENT_WELL = "went_well"
    WENT_POORLY = "went_poorly"
    GOT_LUCKY = "got_lucky"
    SURPRISED_US = "surprised_us"
    MITIGATORS = "mitigators"
    LESSONS = "lessons"


class ImpactFigure(StrEnum):
    """What it did, in figures."""

    USERS = "users_affected"
    REVENUE = "revenue"
    SLO_BUDGET = "slo_budget"
    TICKETS = "support_tickets"


class FactorKind(StrEnum):
    """How far behind the failure a contributing factor lies."""

    IMMEDIATE = "immediate"
    """The direct trigger."""
    UNDERLYING = "underlying"
    """Why the trigger was possible."""
    SYSTEMIC = "systemic"
    """Which gap of the organisation or its processes allowed it."""


class Gate(StrEnum):
    """How the inputs of a node of a fault tree bring it about: any of them, or all together."""

    OR = "or"
    AND = "and"


class Factor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What contributed. Action items refer to its `id`, which stays as its words change."""

    id: NodeId
    kind: FactorKind
    text: Point


class Why(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A question of a chain of whys, and its answer, which the next one asks about. `kind`: what
    sort of factor the answer is, where that is said.
    """

    question: Point
    answer: Point
    kind: FactorKind | None = None


class FaultNode(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A node of a fault tree: with a `gate`, what `inputs` bring about; without, a basic event."""

    id: NodeId
    text: Point
    gate: Gate | None = None
    inputs: tuple[NodeId, ...] = ()


class FaultTree(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the `top` node came about: an acyclic graph, for one event may be an input of several."""

    top: NodeId
    nodes: Annotated[tuple[FaultNode, ...], msgspec.Meta(min_length=1, max_length=200)]


FACTORS, WHYS, FAULT_TREE = "factors", "whys", "fault_tree"
FIELDS: tuple[str, ...] = (*Prose, *ImpactFigure, *Points, FACTORS, WHYS, FAULT_TREE)
"""All fields, each of which has a version of its own."""

TITLES = total(
    "titles of the fields of a post-mortem",
    FIELDS,
    {
        Prose.EXECUTIVE_SUMMARY: "Executive Summary",
        Prose.WHAT_HAPPENED: "What happened",
        ImpactFigure.USERS: "Users affected",
        ImpactFigure.REVENUE: "Revenue impact",
        ImpactFigure.SLO_BUDGET: "SLO budget consumed",
        ImpactFigure.TICKETS: "Support tickets created",
        Points.WENT_WELL: "What Went Well",
        Points.WENT_POORLY: "What Went Poorly",
        Points.GOT_LUCKY: "Where We Got Lucky",
        Points.SURPRISED_US: "What Surprised Us",
        Points.MITIGATORS: "Mitigators",
        Points.LESSONS: "Lessons Learned",
        FACTORS: "Contributing Factors",
        WHYS: "5 Whys",
        FAULT_TREE: "Fault Tree",
    },
)
"""As documents have them, in the words of the brief."""
