"""What a correction of an update tells whoever was told that update."""

from datetime import datetime

import msgspec

from domain.incident import events as e
from domain.incident.corrections.correction_events import EntryCorrected, EntryRetracted
from domain.kernel.commit import name_of
from domain.policy.audience import Audience

_UPDATE = name_of(e.UpdatePosted)


class CorrectedUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """An update of a time (`of`), which said what was not so (`previous`): what it should have said
    (`text`), or that it is `withdrawn`.
    """

    of: datetime
    previous: str | None = None
    text: str | None = None
    withdrawn: bool = False


def corrected_update(event: object) -> CorrectedUpdate | None:
    """What an event tells of an update that was put right; None: it tells no such thing."""
    match event:
        case EntryCorrected(kind=kind) if kind == _UPDATE and _says_otherwise(event):
            return CorrectedUpdate(of=event.previous_at, previous=event.previous, text=event.text)
        case EntryRetracted(kind=kind) if kind == _UPDATE:
            return CorrectedUpdate(of=event.at, previous=event.text, withdrawn=True)
        case _:
            return None


def _says_otherwise(event: EntryCorrected) -> bool:
    said = (event.previous, event.previous_headline)
    return said != (event.text, event.headline)


def public_correction(event: object) -> CorrectedUpdate | None:
    """The same for the public: what was said wrongly is not said again."""
    if not isinstance(event, EntryCorrected | EntryRetracted):
        return None
    if Audience.CUSTOMERS not in event.told:
        return None
    found = corrected_update(event)
    return msgspec.structs.replace(found, previous=None) if found else None
