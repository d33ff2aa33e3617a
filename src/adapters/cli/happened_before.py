"""Whether an incident happened before."""

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, viewing
from domain.learning.clues import Repeats
from projections.learning.clue_rows import REPEATED
from projections.learning.happened_before import REPEATS


async def repeats(
    ref: str,
    *,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Whether an incident happened before, by which words, and what became of what followed."""
    async with connected(options) as parts:
        await caught_up(parts, REPEATED.name)
        found: Repeats = (
            await parts.service.ask(REPEATS, {}, await viewing(parts), ref=ref)
        ).answer
    if format == "json":
        tables.as_json(found)
        return
    tables.say(found.said)
    if not found.earlier:
        return
    tables.table(
        f"what {found.reference} may repeat",
        ("earlier", "began", "by a person", "the same words", "in"),
        (
            (
                each.reference,
                f"{each.began_at:%Y-%m-%d}",
                each.verdict or "not said",
                ", ".join(each.alike[0].words) if each.alike else "",
                f"{each.alike[0].earlier_reference}: {each.alike[0].earlier_text}"
                if each.alike
                else "",
            )
            for each in found.earlier
        ),
    )
