"""A schedule as a picture (SVG): a lane for each person with the times on call, and one for times
that nobody has. All of it stands in the description, and in a table beside it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from domain.oncall.shifts import Shift
from handlers.entrance.rota_picture import RotaPicture

WIDTH, LEFT, RIGHT = 960, 168, 24
TOP, LANE, FOOT = 44, 26, 34
CHAR = 6.6
"""About so wide is a letter, in pixels at this size."""
TICKS_MAX = 14
NOBODY = "Nobody"
_BAR, _GAP, _INK = "#1d5c8f", "#b00020", "#fff"
_DAY = timedelta(days=1)


def rota_svg(found: RotaPicture) -> Markup:
    """The picture, to stand in a page or alone."""
    lanes = lanes_of(found)
    bottom = TOP + LANE * max(len(lanes), 1)
    parts = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" role="img"'
            ' aria-labelledby="rota-title rota-desc" font-family="sans-serif" font-size="12"'
            ' fill="#111">'
        )
        % (WIDTH, bottom + FOOT, WIDTH),
        Markup('<title id="rota-title">%s</title>') % title(found),
        Markup('<desc id="rota-desc">%s</desc>') % in_words(found),
        Markup('<rect width="%s" height="%s" fill="#fff"/>') % (WIDTH, bottom + FOOT),
        Markup('<text x="8" y="20" font-size="14" font-weight="bold">%s</text>')
        % _cut(title(found), WIDTH - 16, 8.0),
        *_axis(found, bottom),
    ]
    for place, (name, held) in enumerate(lanes):
        parts += _lane(name, held, found, TOP + place * LANE)
    return Markup("\n").join([*parts, Markup("</svg>\n")])


def title(found: RotaPicture) -> str:
    return f"{found.name}: who is on call"


def lanes_of(found: RotaPicture) -> list[tuple[str, list[Shift]]]:
    """Each person with their times, whoever begins first above; times that nobody has below."""
    lanes: dict[str, list[Shift]] = {}
    for each in found.shifts:
        for person in each.people:
            lanes.setdefault(person, []).append(each)
    gaps = [each for each in found.shifts if not each.people]
    return [
        *((found.names[it], held) for it, held in lanes.items()),
        *([(NOBODY, gaps)] if gaps else []),
    ]


def in_words(found: RotaPicture) -> str:
    """What the picture shows, for whoever does not see it."""
    said = [f"From {_clock(found.since, found)} to {_clock(found.until, found)}, {found.zone}."]
    for name, held in lanes_of(found):
        hours = sum((it.ends - it.begins for it in held), timedelta()) / timedelta(hours=1)
        many = "once" if len(held) == 1 else f"{len(held)} times"
        said.append(f"{name} is on call {many}, for {hours:g} h.")
    if not any(not each.people for each in found.shifts):
        said.append("There are no gaps.")
    return " ".join(said)


def table(found: RotaPicture) -> Iterator[tuple[str, str, str]]:
    """The data of the picture, a row each: from when, until when, and who."""
    for each in found.shifts:
        who = ", ".join(found.names[it] for it in each.people) or NOBODY
        yield _clock(each.begins, found), _clock(each.ends, found), who


def _clock(at: datetime, found: RotaPicture) -> str:
    """What the wall clock of the schedule shows, with its offset: an hour may come twice."""
    return f"{at.astimezone(ZoneInfo(found.zone)):%a %d %b %Y %H:%M %z}"


def _x(at: datetime, found: RotaPicture) -> float:
    part = (at - found.since) / (found.until - found.since)
    return round(LEFT + part * (WIDTH - LEFT - RIGHT), 1)


def _cut(text: str, width: float, char: float = CHAR) -> str:
    """A text that fits; what is cut off stands in the title of its part."""
    most = int(width / char)
    return text if len(text) <= most else f"{text[: max(most - 1, 0)]}…" if most > 1 else ""


def _lane(name: str, held: Sequence[Shift], found: RotaPicture, y: float) -> Iterator[Markup]:
    middle = y + LANE / 2
    yield Markup('<g><title>%s</title><text x="8" y="%s">%s</text></g>') % (
        name, middle + 4, _cut(name, LEFT - 16),
    )  # fmt: skip
    for each in held:
        x, end = _x(each.begins, found), _x(each.ends, found)
        tip = f"{name}: {_clock(each.begins, found)} to {_clock(each.ends, found)}"
        yield Markup(
            '<g><title>%s</title><rect x="%s" y="%s" width="%s" height="%s" rx="3" fill="%s"/>'
            '<text x="%s" y="%s" fill="%s" font-size="11">%s</text></g>'
        ) % (
            tip, x, y + 3, round(max(end - x, 1), 1), LANE - 6, _GAP if name == NOBODY else _BAR,
            x + 5, middle + 4, _INK, _cut(name, end - x - 8),
        )  # fmt: skip


def _axis(found: RotaPicture, bottom: float) -> Iterator[Markup]:
    for at in _midnights(found):
        x, local = _x(at, found), at.astimezone(ZoneInfo(found.zone))
        yield Markup('<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="#ddd"/>') % (x, TOP, x, bottom)
        yield Markup('<text x="%s" y="%s" text-anchor="middle" font-size="11">%s</text>') % (
            x, bottom + 16, f"{local:%a %d %b}",
        )  # fmt: skip
    yield Markup('<text x="8" y="%s" font-size="11">%s</text>') % (bottom + 16, found.zone)


def _midnights(found: RotaPicture) -> list[datetime]:
    """Beginnings of days in the schedule's zone, a few of them."""
    zone = ZoneInfo(found.zone)
    first = found.since.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    days = (found.until - found.since) // _DAY + 2
    step = -(-days // TICKS_MAX)
    at = (first + _DAY * each for each in range(0, days, step))
    return [each for each in at if found.since <= each <= found.until]
