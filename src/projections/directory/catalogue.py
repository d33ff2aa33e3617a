"""The catalogue as a whole: who suffers when a service breaks, and what of it is to be mended."""

import msgspec

from domain.directory import SERVICE
from domain.directory.catalogue import BlastRadius, Gaps, Stands, blast_radius, gaps
from projections.directory.entries import DIRECTORY
from projections.directory.lists import OWNER_KNOWN
from projections.past import Cut
from projections.read_model import ById, Found, Nothing, Question, Resource

SERVICES_MOST = 20_000
"""So many services are looked at together."""

ALL_SERVICES = Question(
    of=DIRECTORY.name,
    sql=f"""
        SELECT s.id, s.name, s.owner, {OWNER_KNOWN}, s.tier, s.lifecycle, s.dependencies
        FROM {{service}} s ORDER BY s.id LIMIT {SERVICES_MOST}
    """,  # noqa: S608 - nothing in it comes from outside
    takes=Nothing,
    answer=Stands,
)
"""All services, as far as the whole is concerned."""

NEARBY = msgspec.structs.replace(ALL_SERVICES, takes=ById)
"""The same, about one of them: walking along dependencies step by step is quicker here than there.
"""


def _radius(asked: ById, found: Found[Stands], _: Cut) -> BlastRadius | None:
    known = any(each.id == asked.id for each in found.items)
    return blast_radius(asked.id, found.items) if known else None


def _gaps(_: msgspec.Struct, found: Found[Stands], __: Cut) -> Gaps:
    return gaps(found.items)


DEPENDENTS = Resource(
    path="/v1/services/{ref}/blast-radius",
    operation_id="get_blast_radius",
    tag="directory",
    summary="Blast radius",
    description="Who suffers when a service breaks: all that need it, directly or through others,"
    " the nearest\nfirst, also as a picture (`mermaid`).",
    question=NEARBY,
    about=SERVICE,
    answers=BlastRadius,
    answer=_radius,
    waits=True,
)
CATALOGUE_GAPS = Resource(
    path="/v1/catalog/gaps",
    operation_id="get_catalog_gaps",
    tag="directory",
    summary="Gaps of the catalogue",
    description="What of the catalogue has no owner, no entry, no place, or depends on itself.",
    question=ALL_SERVICES,
    answers=Gaps,
    answer=_gaps,
    waits=True,
)
