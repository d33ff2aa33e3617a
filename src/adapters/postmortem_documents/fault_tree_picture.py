"""A fault tree as a picture (SVG): the top above, what brings it about below. What brings it about
alone is said in words and by a thick border, not by colour.
"""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from markupsafe import Markup

from domain.learning.postmortem.postmortem_view import FaultTreeView
from domain.learning.postmortem.sections import FaultNode

WIDTH, HEIGHT, GAP_X, GAP_Y = 190, 92, 24, 56
CHARS, LINES = 26, 3
ALONE = "single point of failure"

Place = tuple[int, int]


def picture(found: FaultTreeView) -> Markup:
    """The picture, to stand in a page or alone."""
    nodes = {node.id: node for node in found.tree.nodes}
    places = _places(found.tree.top, nodes)
    width = max(x for x, _ in places.values()) + WIDTH + GAP_X
    height = max(y for _, y in places.values()) + HEIGHT + GAP_Y // 2
    alone = set(found.single_points_of_failure)
    parts = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" role="img"'
            ' aria-labelledby="tree-title tree-desc" font-family="sans-serif" font-size="12">'
        )
        % (width, height, width),
        Markup('<title id="tree-title">Fault tree: %s</title>') % nodes[found.tree.top].text,
        Markup('<desc id="tree-desc">%s</desc>') % in_words(found),
        *_edges(nodes, places),
        *(_box(node, places[node.id], alone=node.id in alone) for node in found.tree.nodes),
        Markup("</svg>"),
    ]
    return Markup("\n").join(parts)


def in_words(found: FaultTreeView) -> str:
    """What follows from it, in a sentence."""
    texts = {node.id: node.text for node in found.tree.nodes}
    alone = [texts[each] for each in found.single_points_of_failure]
    if not alone:
        return "No event brings it about alone."
    said = "; ".join(alone)
    return f"{'This brings' if len(alone) == 1 else 'Each of these brings'} it about alone: {said}."


def _places(top: str, nodes: Mapping[str, FaultNode]) -> Mapping[str, Place]:
    """Each below all that it brings about, as far down as the longest way leads."""
    depth: dict[str, int] = {}
    for id_ in _from_the_top(top, nodes):
        depth.setdefault(id_, 0)
        for each in nodes[id_].inputs:
            depth[each] = max(depth.get(each, 0), depth[id_] + 1)
    rows: dict[int, list[str]] = {}
    for id_ in nodes:
        rows.setdefault(depth[id_], []).append(id_)
    widest = max(map(len, rows.values()))
    found: dict[str, Place] = {}
    for level, ids in rows.items():
        begin = GAP_X + (widest - len(ids)) * (WIDTH + GAP_X) // 2
        for place, id_ in enumerate(ids):
            found[id_] = (begin + place * (WIDTH + GAP_X), GAP_Y // 2 + level * (HEIGHT + GAP_Y))
    return found


def _from_the_top(top: str, nodes: Mapping[str, FaultNode]) -> Sequence[str]:
    """All nodes, none before one that it brings about."""
    done: list[str] = []
    seen: set[str] = set()

    def visit(id_: str) -> None:
        if id_ not in seen:
            seen.add(id_)
            for each in nodes[id_].inputs:
                visit(each)
            done.append(id_)

    visit(top)
    return done[::-1]


def _edges(nodes: Mapping[str, FaultNode], places: Mapping[str, Place]) -> Iterator[Markup]:
    for node in nodes.values():
        x, y = places[node.id]
        for each in node.inputs:
            to_x, to_y = places[each]
            yield Markup('<path d="M%s %s L%s %s" stroke="#555" fill="none"/>') % (
                x + WIDTH // 2, y + HEIGHT, to_x + WIDTH // 2, to_y,
            )  # fmt: skip


def _box(node: FaultNode, place: Place, *, alone: bool) -> Markup:
    x, y = place
    lines = wrap(node.text, CHARS)
    lines = lines[:LINES] if len(lines) <= LINES else [*lines[: LINES - 1], f"{lines[LINES - 1]} …"]
    last = node.gate.upper() if node.gate else (ALONE if alone else "")
    texts = [
        Markup('<text x="%s" y="%s" text-anchor="middle">%s</text>')
        % (x + WIDTH // 2, y + 20 + 16 * row, line)
        for row, line in enumerate(lines)
    ]
    if last:
        texts.append(
            Markup('<text x="%s" y="%s" text-anchor="middle" font-weight="bold">%s</text>')
            % (x + WIDTH // 2, y + HEIGHT - 10, last)
        )
    box = Markup(
        '<g><title>%s</title><rect x="%s" y="%s" width="%s" height="%s" rx="%s" fill="#fff"'
        ' stroke="#222" stroke-width="%s"/>'
    ) % (node.text, x, y, WIDTH, HEIGHT, 2 if node.gate else 16, 4 if alone else 1)
    return Markup("").join((box, *texts, Markup("</g>")))
