"""What a post-mortem says is blameless. Brief, "Blameless Culture": "Focus on what the system
lacked (guardrails, alerts, tests) rather than what a human did wrong".
"""

from collections.abc import Iterable, Iterator

from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.kernel.roster import Roster
from domain.learning.blameless import Blame, blames
from domain.learning.postmortem import commands as c
from domain.learning.postmortem.dossier import Postmortem
from domain.learning.postmortem.sections import Factor, FaultNode, Why

RULE = "Say what the system allowed, or lacked, in place of what a person did wrong."


def blaming(pm: Postmortem, roster: Roster | None) -> tuple[Blame, ...]:
    """All sentences in it that blame persons; people of the directory are known by name."""
    names = [*_named(pm), *(each.name for each in (roster.people if roster else ()))]
    return tuple(blame for text in _texts(pm) for blame in blames(text, names))


def check(pm: Postmortem, roster: Roster | None, override: str | None) -> tuple[str, ...]:
    """The sentences that stay for the reason given. Raises `Refused` where none is."""
    found = blaming(pm, roster)
    if found and override is None:
        count = f"{len(found)} sentence{'' if len(found) == 1 else 's'}"
        told = "\n".join(f"- “{it.sentence}”: {_advice(it)}" for it in found)
        raise Refused(
            "postmortem.blames",
            f"{count} of {pm.reference} may read as blame of persons:\n{told}",
            field="override",
            rule=f"{RULE} Where the check is wrong, say in `override` why a sentence stays.",
        )
    return tuple(each.sentence for each in found)


def remark_on_words(command: c.PostmortemStatement, pm: Postmortem) -> tuple[Remark, ...]:
    """What of a text that was just written may read as blame: it is taken all the same."""
    found = (blame for text in _said(command) for blame in blames(text, _named(pm)))
    return tuple(
        Remark("postmortem.blames", f"“{it.sentence}”: {_advice(it)}", RULE) for it in found
    )


def _advice(blame: Blame) -> str:
    return f"“{blame.words}”: {blame.why} {blame.suggestion}"


def _named(pm: Postmortem) -> tuple[str, ...]:
    people = [pm.author, *(each.who for each in pm.reviewers)]
    return tuple(who.name for who in people if who is not None)


def _texts(pm: Postmortem) -> Iterator[str]:
    content, curation = pm.content, pm.curation
    yield from content.prose.values()
    for points in content.points.values():
        yield from points
    yield from _of(content.factors)
    yield from _of(content.whys)
    yield from _of(content.fault_tree.nodes if content.fault_tree else ())
    yield from curation.notes.values()
    yield from (each.text for each in curation.added)


def _of(parts: Iterable[Factor | Why | FaultNode]) -> Iterator[str]:
    for each in parts:
        if isinstance(each, Why):
            yield each.question
            yield each.answer
        else:
            yield each.text


def _said(command: c.PostmortemStatement) -> Iterator[str]:
    match command:
        case c.WriteProse(text=text) | c.AddEntry(text=text) | c.AnnotateEntry(text=str(text)):
            yield text
        case c.SetPoints(points=points):
            yield from points
        case c.SetFactors(factors=factors):
            yield from _of(factors)
        case c.SetWhys(whys=whys):
            yield from _of(whys)
        case c.SetFaultTree(tree=tree) if tree is not None:
            yield from _of(tree.nodes)
