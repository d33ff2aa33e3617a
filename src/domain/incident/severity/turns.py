"""What becomes of the turns of the severity as people decide, and as a raise is taken back."""

from datetime import datetime

from msgspec.structs import replace

from domain.incident.severity.course import Assessment, Turn, Turns, turned
from domain.incident.severity.ruling import Decision
from domain.policy import Severity


def decided(turns: Turns, new: Turn) -> Turns:
    """With what a person has decided. It was decided in view of all that was so at that instant:
    no raise of then stands beside it, and of several decisions the most severe.
    """
    return named(turned(tuple(each for each in turns if not _gives_way(each, new)), new))


def named(turns: Turns) -> Turns:
    """Without a declaration that names no severity, where somebody had decided before."""
    return tuple(each for each in turns if not each.names_none or _is_first(each, turns))


def _is_first(turn: Turn, turns: Turns) -> bool:
    return not any(
        each.at <= turn.at and not (each.follows or each.undecided or each is turn)
        for each in turns
    )


def _gives_way(turn: Turn, new: Turn) -> bool:
    if turn.at != new.at or turn.baseline is not None:
        return False
    return turn.follows or turn.decision is not None


def turn_at(turns: Turns, at: datetime) -> Turn | None:
    """By which it stood at a time."""
    return next((each for each in reversed(turns) if each.at <= at), None)


def decided_then(turns: Turns, at: datetime) -> Decision | None:
    """What a person has decided of that very instant, after it was declared."""
    return next(
        (
            turn.decision
            for turn in turns
            if turn.at == at and turn.baseline is None and turn.decision
        ),
        None,
    )


def without(turns: Turns, at: datetime, severity: Severity) -> Turns:
    """Without the raise that a rule has made then."""
    gone = next(
        (each for each in turns if each.automatic and (each.at, each.severity) == (at, severity)),
        None,
    )
    return tuple(each for each in turns if each is not gone)


def open_again(known: Assessment, turns: Turns) -> Turns:
    """Where alerts opened it, and no decision is left as a merge is undone, nobody has decided."""
    was_merged = any(each.taken_over for each in known.turns)
    if known.initial is None or not was_merged or not all(each.follows for each in turns):
        return turns
    return tuple(replace(each, undecided=True) for each in turns)


def redeclared(turns: Turns, at: datetime, severity: Severity) -> Turns:
    """As severe as it was when it was declared, where nobody had named a level."""
    return tuple(
        replace(each, severity=severity) if each.names_none and each.at == at else each
        for each in turns
    )


def last_decision(turns: Turns) -> Decision | None:
    """The latest that a person has made."""
    return next((each.decision for each in reversed(turns) if each.decision), None)
