"""Lists as a whole, page by page."""

from collections.abc import Mapping
from typing import Any, Protocol

from domain.sight import Viewer
from handlers.queries.resources import Page
from projections.past import NOW, Cut
from projections.read_model import Resource

LARGEST = 1_000


class Asked(Protocol):
    """Who answers: the service."""

    async def ask(
        self,
        resource: Resource,
        given: Mapping[str, Any],
        viewer: Viewer,
        *,
        ref: str | None,
        cut: Cut,
    ) -> Page: ...


async def ask_all(  # noqa: PLR0913
    service: Asked,
    resource: Resource,
    given: Mapping[str, Any],
    viewer: Viewer,
    *,
    ref: str | None = None,
    cut: Cut = NOW,
    most: int | None = None,
) -> list[Any]:
    """What a list holds for a viewer, the first `most` of it. Raises `Refused`, `Unavailable`."""
    assert resource.paging is not None, f"{resource.path} is no list"
    found: list[Any] = []
    asked = dict(given)
    while most is None or len(found) < most:
        limit = LARGEST if most is None else min(LARGEST, most - len(found))
        page = await service.ask(resource, {**asked, "limit": limit}, viewer, ref=ref, cut=cut)
        found += page.items
        if page.next is None:
            break
        asked[resource.paging.by] = page.next
    return found
