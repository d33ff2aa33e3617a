"""The command line of the service with the toys: `python tests/toys up`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from adapters.cli import main
from toys.registry import TOYS

main(TOYS)
