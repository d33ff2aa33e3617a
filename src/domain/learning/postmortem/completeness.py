"""What a post-mortem still lacks. Brief, "Post-Mortem Document Template": its fields, none empty;
"Every incident must produce a timeline, impact assessment, and follow-up action items".
"""

from collections.abc import Iterator

from domain.kernel.roster import Who
from domain.learning.naming import is_same_person
from domain.learning.postmortem.dossier import Content, Postmortem, PostmortemReviewer
from domain.learning.postmortem.sections import (
    TITLES,
    FactorKind,
    ImpactFigure,
    Points,
    Prose,
)

ASKED = (Points.WENT_WELL, Points.WENT_POORLY, Points.LESSONS)
"""Lists that have something in them. Luck, surprises and mitigators there may be none of."""


def missing(pm: Postmortem) -> tuple[str, ...]:
    """All that it takes for it to be final, in the order of the document; empty: nothing."""
    return (*_of_content(pm.content), *_of_follow_up(pm), *_of_review(pm))


def _of_content(content: Content) -> Iterator[str]:
    for prose in Prose:
        if prose not in content.prose:
            yield f"{TITLES[prose]}: a text"
        if prose is Prose.EXECUTIVE_SUMMARY:
            yield from _of_impact(content)
    for kind in FactorKind:
        if not any(each.kind is kind for each in content.factors):
            yield (
                f"Contributing Factors: an {kind} one"
                if kind[0] in "aeiou"
                else (f"Contributing Factors: a {kind} one")
            )
    if not content.whys:
        yield "5 Whys: a chain whose last answer is systemic"
    elif content.whys[-1].kind is not FactorKind.SYSTEMIC:
        yield f"5 Whys: a systemic last answer (“{content.whys[-1].answer}” is not said to be one)"
    for points in ASKED:
        if not content.points.get(points):
            yield f"{TITLES[points]}: at least one point"


def _of_impact(content: Content) -> Iterator[str]:
    for figure in ImpactFigure:
        if figure not in content.impact:
            yield f"{TITLES[figure]}: a number, `none` or `not known`"


def _of_follow_up(pm: Postmortem) -> Iterator[str]:
    if not pm.actions and pm.no_actions is None:
        yield "Action Items: at least one, or why none is needed"


def _of_review(pm: Postmortem) -> Iterator[str]:
    if not any(_counts(each, pm.author) for each in pm.reviewers):
        yield "Review: the approval of a reviewer who is not the author"
    waiting = [each for each in pm.comments if each.resolved_by is None]
    if waiting:
        yield f"Comments: {len(waiting)} {'is' if len(waiting) == 1 else 'are'} not settled"


def _counts(reviewer: PostmortemReviewer, author: Who | None) -> bool:
    own = author is not None and is_same_person(reviewer.who, author)
    return reviewer.approved_at is not None and not own
