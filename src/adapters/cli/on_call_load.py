"""What on-call asked of people."""

from collections.abc import Iterator

from adapters.cli import tables
from adapters.cli.figures import From, To
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, viewing
from domain.kernel.text import span
from domain.oncall.load import LoadSpread, OnCallLoad, PersonLoad
from handlers.entrance.on_call_load import load_window, on_call_load_of
from handlers.queries.parameters import time_of
from projections.paging.person_pages import PERSON_PAGES

_HEADS = (
    *("person", "hours", "pages", "interruptions", "at night", "week-end"),
    *("busiest week", "acknowledged"),
)


async def load(
    *,
    since: From = None,
    until: To = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """What on-call asked of people in a window (the last four weeks): pages, nights and week-ends
    by each one's own clock, interruptions, time to acknowledge, hours, and how evenly it lies.
    """
    async with connected(options) as parts:
        await caught_up(parts, PERSON_PAGES.name)
        times = time_of(since, "from"), time_of(until, "to")
        window = load_window(parts.clock.now(), *times)
        found = await on_call_load_of(parts.service, await viewing(parts), window)
    if format == "json":
        tables.as_json(found)
        return
    many = tables.count(len(found.people), "person", "people")
    title = f"{many}, {tables.at(found.since)} to {tables.at(found.until)} UTC"
    tables.table(title, _HEADS, (_row(each) for each in found.people))
    for line in _lines(found):
        tables.say(line)


def _row(each: PersonLoad) -> tuple[str, ...]:
    taken = f"{each.acknowledged} of {each.pages}"
    if each.acknowledged_s is not None:
        few = ", few" if each.few else ""
        taken += f" (median {span(each.acknowledged_s)}{few})"
    return (
        each.person,
        f"{each.hours:.1f}",
        str(each.pages),
        str(each.interruptions),
        _known(each.night_pages),
        _known(each.weekend_pages),
        f"{each.busiest_week}{' !' if each.too_many else ''}",
        taken if each.pages else "",
    )


def _known(count: int | None) -> str:
    return "unknown" if count is None else str(count)


def _lines(found: OnCallLoad) -> Iterator[str]:
    for what, spread in (("hours", found.hours), ("pages", found.pages)):
        if spread is not None:
            yield f"{what}: {_spread(spread)}"
    if found.too_many:
        yield (
            f"more than five pages in seven days: {', '.join(found.too_many)}; these alerts have to"
            " change (commandpost stats alerts)"
        )
    for each in found.not_laid_out:
        yield f"hours of {each} are not in it: its turns are too many to be laid out"


def _spread(found: LoadSpread) -> str:
    ratio = f", the most is {found.ratio:g} times the mean" if found.ratio is not None else ""
    return f"{found.least:g} to {found.most:g}, mean {found.mean:g}{ratio}"
