"""The timeline of an incident as a picture (SVG): bands of severity and phase, and a mark for each
time that an audience was told. All of it stands in the description, and in a table beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from domain.kernel.text import clock, duration
from domain.policy.audience import Audience
from projections.incident.timeline_picture import Band, TimelinePicture

WIDTH, LEFT, RIGHT = 960, 132, 24
TOP, BAND, GAP, LANE, FOOT = 44, 30, 12, 26, 34
CHAR = 7.0
"""About so wide is a letter, in pixels at this size."""
TICKS_MAX = 8
_STEPS = [timedelta(minutes=each) for each in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)]
_DAY = timedelta(days=1)
_COLOURS = {
    "SEV1": ("#a4001d", "#fff"),
    "SEV2": ("#c2410c", "#fff"),
    "SEV3": ("#f2c037", "#111"),
    "SEV4": ("#b6d4ee", "#111"),
    "triage": ("#dddddd", "#111"),
    "investigating": ("#c7d5ec", "#111"),
    "identified": ("#b5dfd6", "#111"),
    "monitoring": ("#d6e8b5", "#111"),
}
_PLAIN = ("#eeeeee", "#111")


def timeline_svg(found: TimelinePicture) -> Markup:
    """The picture, to stand in a page or alone."""
    lanes = list(Audience)
    height = TOP + 2 * (BAND + GAP) + len(lanes) * LANE + FOOT
    parts = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" role="img"'
            ' aria-labelledby="timeline-title timeline-desc" font-family="sans-serif"'
            ' font-size="12" fill="#111">'
        )
        % (WIDTH, height, WIDTH),
        Markup('<title id="timeline-title">%s</title>') % _title(found),
        Markup('<desc id="timeline-desc">%s</desc>') % timeline_in_words(found),
        Markup('<rect width="%s" height="%s" fill="#fff"/>') % (WIDTH, height),
        Markup('<text x="8" y="20" font-size="14" font-weight="bold">%s</text>')
        % _cut(_title(found), WIDTH - 16, 8.0),
        *_axis(found, TOP, height - FOOT),
        *_bands("Severity", found.severities, found, TOP),
        *_bands("Phase", found.phases, found, TOP + BAND + GAP),
    ]
    for place, audience in enumerate(lanes):
        parts += _lane(audience, found, TOP + 2 * (BAND + GAP) + place * LANE)
    return Markup("\n").join([*parts, Markup("</svg>\n")])


def _title(found: TimelinePicture) -> str:
    return f"{found.reference}: {found.title}"


def timeline_in_words(found: TimelinePicture) -> str:
    """What the picture shows, for whoever does not see it."""
    lasted = duration(found.ends_at - found.begins_at)
    until = "until it was over" if found.over else "until the last that is known"
    said = [f"From {clock(found.begins_at)} to {clock(found.ends_at)}, {lasted}, {until}."]
    for name, bands in (("Severity", found.severities), ("Phases", found.phases)):
        if bands:
            turns = "; ".join(f"{it.label} from {clock(it.begins_at)}" for it in bands)
            said.append(f"{name}: {turns}.")
    for audience in Audience:
        count = sum(audience in each.audiences for each in found.told)
        times = {0: "not told", 1: "told once"}.get(count, f"told {count} times")
        said.append(f"{audience.capitalize()}: {times}.")
    if found.told_later:
        said.append(f"Told later, and not shown: {found.told_later}.")
    return " ".join(said)


def timeline_table(found: TimelinePicture) -> Iterator[tuple[str, str, str]]:
    """The data of the picture, a row each: from when, until when (nothing for what was told), and
    what.
    """
    rows = [
        *((it.begins_at, it.ends_at, f"Severity {it.label}") for it in found.severities),
        *((it.begins_at, it.ends_at, f"Phase: {it.label}") for it in found.phases),
        *((it.at, None, f"Told {' and '.join(it.audiences)}: {it.text}") for it in found.told),
    ]
    for begins_at, ends_at, what in sorted(rows, key=lambda row: row[0]):
        yield clock(begins_at), clock(ends_at) if ends_at else "", what


def _x(at: datetime, found: TimelinePicture) -> float:
    part = (at - found.begins_at) / (found.ends_at - found.begins_at)
    return round(LEFT + part * (WIDTH - LEFT - RIGHT), 1)


def _cut(text: str, width: float, char: float = CHAR) -> str:
    """A text that fits; what is cut off stands in the title of its part."""
    most = int(width / char)
    return text if len(text) <= most else f"{text[: max(most - 1, 0)]}…" if most > 1 else ""


def _bands(name: str, bands: Iterable[Band], found: TimelinePicture, y: float) -> Iterator[Markup]:
    yield Markup('<text x="8" y="%s" font-weight="bold">%s</text>') % (y + BAND / 2 + 4, name)
    for band in bands:
        x, end = _x(band.begins_at, found), _x(band.ends_at, found)
        fill, ink = _COLOURS.get(band.label, _PLAIN)
        tip = f"{band.label}, {clock(band.begins_at)} to {clock(band.ends_at)}"
        yield Markup(
            '<g><title>%s</title><rect x="%s" y="%s" width="%s" height="%s" fill="%s"'
            ' stroke="#fff"/><text x="%s" y="%s" fill="%s">%s</text></g>'
        ) % (
            tip, x, y, round(max(end - x, 1), 1), BAND, fill,
            x + 6, y + BAND / 2 + 4, ink, _cut(band.label, end - x - 10),
        )  # fmt: skip


def _lane(audience: Audience, found: TimelinePicture, y: float) -> Iterator[Markup]:
    middle = y + LANE / 2
    yield Markup('<text x="8" y="%s">%s</text>') % (middle + 4, f"Told {audience}"[:16])
    yield Markup('<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="#bbb"/>') % (
        LEFT, middle, WIDTH - RIGHT, middle,
    )  # fmt: skip
    for each in found.told:
        if audience in each.audiences:
            yield Markup(
                '<g><title>%s</title><circle cx="%s" cy="%s" r="5" fill="#1d4ed8"'
                ' stroke="#fff"/></g>'
            ) % (f"{clock(each.at)}: {each.text}", _x(each.at, found), middle)


def _axis(found: TimelinePicture, top: float, bottom: float) -> Iterator[Markup]:
    ticks, step = _ticks(found)
    days = step >= _DAY or found.begins_at.date() != found.ends_at.date()
    pattern = "%d %b" if step >= _DAY else "%d %b %H:%M" if days else "%H:%M"
    for at in ticks:
        x = _x(at, found)
        yield Markup('<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="#ddd"/>') % (x, top, x, bottom)
        yield Markup('<text x="%s" y="%s" text-anchor="middle" font-size="11">%s</text>') % (
            x, bottom + 16, f"{at:{pattern}}",
        )  # fmt: skip
    yield Markup('<text x="%s" y="%s" font-size="11">UTC</text>') % (8, bottom + 16)


def _ticks(found: TimelinePicture) -> tuple[Sequence[datetime], timedelta]:
    """Round times, a few of them."""
    whole = found.ends_at - found.begins_at
    days = max(1, -(-whole // (_DAY * TICKS_MAX)))
    step = next((each for each in _STEPS if whole / each <= TICKS_MAX), days * _DAY)
    midnight = found.begins_at.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + -(-(found.begins_at - midnight) // step) * step
    count = max(0, (found.ends_at - first) // step) + 1
    return [
        at for at in (first + step * each for each in range(count)) if at <= found.ends_at
    ], step
