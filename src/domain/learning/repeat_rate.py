"""How many incidents are repeats of earlier ones, as people have confirmed."""

import msgspec


class RepeatRate(msgspec.Struct, frozen=True, kw_only=True):
    """Of the `incidents` that began in a period (exercises, canceled and merged ones apart), how
    many a person has confirmed as repeats of earlier ones, and of how many that was rejected of all
    that was looked at. `undecided` are those of which nobody has said either. `rate`: confirmed of
    all; null where there were none. `repeats` are the references of those confirmed.
    """

    incidents: int
    confirmed: int
    rejected: int
    undecided: int
    rate: float | None
    repeats: tuple[str, ...]


class RepeatCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The same as counted."""

    incidents: int
    confirmed: int
    rejected: int
    repeats: tuple[str, ...]


def rate_of(counted: RepeatCounts) -> RepeatRate:
    """With what follows."""
    return RepeatRate(
        incidents=counted.incidents,
        confirmed=counted.confirmed,
        rejected=counted.rejected,
        undecided=counted.incidents - counted.confirmed - counted.rejected,
        rate=counted.confirmed / counted.incidents if counted.incidents else None,
        repeats=counted.repeats,
    )
