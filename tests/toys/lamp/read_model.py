"""Lamps by room, and what may be asked of them."""

from collections.abc import Iterable

import msgspec

from domain.kernel.commit import Event, Recorded
from projections.projection import Projection, Put
from projections.read_model import Question, ReadModel, Resource
from projections.table import put_into, table_of
from toys.lamp.aggregate import LAMP, Lamp


class LampRow(msgspec.Struct, frozen=True, kw_only=True):
    """A lamp, and where it hangs."""

    id: str
    room: str
    lit: bool


TABLE = table_of(LampRow, name="lamp", key=("id",), about=(), indexes=(("room",),))
_put = put_into(TABLE, LampRow)


def _evolve(lamp: Lamp, recorded: Recorded[Event]) -> Lamp:
    return LAMP.follow(lamp, recorded.commit)  # type: ignore[arg-type]


def _show(id_: str, lamp: Lamp) -> Iterable[Put]:
    if lamp.room is not None:
        yield _put(LampRow(id=id_, room=lamp.room, lit=lamp.on))


LAMPS: Projection[Lamp] = Projection(
    name="lamps", version=1, follows=("lamp.",), tables=(TABLE,), initial=Lamp(),
    evolve=_evolve, show=_show,
)  # fmt: skip


class LampFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Those of a `room`, or all."""

    room: str | None = None


LAMPS_MODEL = ReadModel(
    projection=LAMPS,
    resources=(
        Resource(
            path="/v1/lamps",
            operation_id="list_lamps",
            tag="lamps",
            description="Lamps, by name.",
            question=Question(
                of=LAMPS.name,
                sql="SELECT * FROM {lamp} WHERE $room::text IS NULL OR room = $room ORDER BY id",
                takes=LampFilter,
                answer=LampRow,
            ),
            waits=True,
        ),
    ),
)
