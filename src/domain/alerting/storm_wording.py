"""What people read of a storm: a title, and the figures."""

from domain.alerting.storms import Raging


def title_of(storm: Raging, source: str) -> str:
    """What the storm is called, in a line."""
    such = f", such as: {storm.examples[0]}" if storm.examples else ""
    return f"Storm: {_number_of(storm)} new alerts from {source}{such}"[:300]


def _number_of(storm: Raging) -> str:
    """How many there are; of those that have only just come it is not known which are new."""
    if storm.announced <= storm.alerts:
        return f"{storm.alerts:,}"
    return f"up to {storm.announced:,}"


NO_MORE = "no more new alerts come"


def figures_of(storm: Raging) -> tuple[tuple[str, str], ...]:
    """How large it is, by name."""
    levels = ((str(level), f"{count:,}") for level, count in sorted(storm.severities.items()))
    incidents = f"{len(storm.incidents):,}"
    return (("new alerts", _number_of(storm)), *levels, ("incidents", incidents))


def text_of(storm: Raging, source: str, *, over: bool) -> str:
    """The figures, and what they mean for whoever reads them."""
    counted = ", ".join(f"{count:,} {level}" for level, count in sorted(storm.severities.items()))
    minutes = max(1, round((storm.last_at - storm.began_at).total_seconds() / 60))
    ahead = f" of up to {storm.announced:,}" if storm.announced > storm.alerts else ""
    head = (
        f"The storm from {source} is over: {storm.alerts:,} new alerts within {minutes} min"
        if over
        else f"{storm.alerts:,} new alerts from {source} so far{ahead}"
    )
    rule = (
        f"More than {storm.alerts_max} within {storm.window_s} s are told together: each alert has"
        " an incident, or shares that of its group or service. Of those incidents nobody is told"
        " one by one, unless it is the first SEV1 of its kind, gets more severe, or is taken on."
    )
    several = len(storm.incidents)
    where = "one incident" if several == 1 else f"{several:,} incidents"
    figures = f"{head} ({counted}), in {where}."
    return "\n".join([figures, rule, *(f"- {example}" for example in storm.examples)])
