"""The command line of the service with the toys: `PYTHONPATH=tests python -m toys up`."""

from adapters.cli import main
from toys.registry import TOYS

main(TOYS)
