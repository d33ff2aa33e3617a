"""Similar incidents: which were like one, why, and what helped then."""

from typing import Annotated

from cyclopts import Parameter

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, viewing
from projections.knowledge.documents import DOCUMENTS
from projections.knowledge.similar import SIMILAR, SimilarIncident, SimilarIncidents


async def similar(
    ref: str,
    *,
    limit: Annotated[int, Parameter(help="How many at most, up to 20.")] = 5,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Show incidents that were like this one: why, and what helped then."""
    async with connected(options) as parts:
        await caught_up(parts, DOCUMENTS.name)
        asked = await parts.service.ask(SIMILAR, {"limit": limit}, await viewing(parts), ref=ref)
    found: SimilarIncidents = asked.answer
    if format == "json":
        tables.as_json(found)
        return
    if not found.similar:
        tables.say(f"Nothing on record is like {found.reference}.")
    for each in found.similar:
        _print(each)


def _print(one: SimilarIncident) -> None:
    tables.say(
        f"{one.reference} {one.severity} {one.status}: {one.title}"
        f" ({tables.at(one.began_at)}, {one.score:.2f})"
    )
    for reason in one.reasons:
        tables.say(f"  {reason.text}")
    helped = one.helped
    said = [
        ("cause then", helped.cause),
        ("mitigated by", helped.mitigation),
        ("resolved by", helped.resolution),
        *(("logged action", each) for each in helped.actions),
        ("last update", helped.last_update),
        *((f"what softened it, by {helped.postmortem}", each) for each in helped.mitigators),
    ]
    for what, text in said:
        if text:
            tables.say(f"    {what}: {text}")
