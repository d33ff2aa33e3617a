"""What can be commanded: `catalogue.json`, which is written from the registry (`make docs`)."""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("catalogue.json")


def catalogue() -> dict[str, Any]:
    """The commands of all aggregates of this release."""
    found: dict[str, Any] = json.loads(FILE.read_bytes())
    return found
