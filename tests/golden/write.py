"""Writes the golden JSON that is missing; never touches a file that is there.

    python tests/golden/write.py

A new tag gets `<tag>.json`; a new optional field of a tag gets `<tag>+2.json`, and so on: what was
written once stays as it was written.
"""

import sys
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "src")]

from domain.catalog import EVENT_TYPES  # noqa: E402
from examples import EXAMPLES  # noqa: E402

EVENTS = HERE / "events"


def goldens(tag: str) -> list[Path]:
    """The files of a tag, the oldest first."""
    later = sorted(EVENTS.glob(f"{tag}+*.json"), key=lambda path: int(path.stem.split("+")[1]))
    return [path for path in [EVENTS / f"{tag}.json"] if path.exists()] + later


def fields(value: object, path: str = "") -> set[str]:
    """The paths of all members in a JSON value, such as `impact.scope`."""
    if isinstance(value, list):
        return {name for item in value for name in fields(item, f"{path}[]")}
    if not isinstance(value, dict):
        return set()
    own = {f"{path}.{name}" for name in value}
    return own.union(*(fields(member, f"{path}.{name}") for name, member in value.items()))


def covered(tag: str) -> set[str]:
    """The paths that the golden files of a tag have between them."""
    files = [msgspec.json.decode(path.read_bytes()) for path in goldens(tag)]
    return set().union(*map(fields, files))


def main() -> None:
    EVENTS.mkdir(exist_ok=True)
    for tag in EVENT_TYPES:
        body = msgspec.json.encode(EXAMPLES[tag])
        if fields(msgspec.json.decode(body)) <= covered(tag):
            continue
        known = len(goldens(tag))
        path = EVENTS / (f"{tag}+{known + 1}.json" if known else f"{tag}.json")
        path.write_bytes(msgspec.json.format(body, indent=2) + b"\n")
        print(f"wrote {path.relative_to(HERE)}")


if __name__ == "__main__":
    main()
