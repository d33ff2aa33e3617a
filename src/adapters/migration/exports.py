"""Which products' exports can be read, and by what."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from adapters.migration import rendered
from adapters.migration.account import Account, Unreadable
from adapters.migration.brief import read_brief
from adapters.migration.grafana_oncall import read_grafana_oncall
from adapters.migration.opsgenie import read_opsgenie
from adapters.migration.pagerduty import read_pagerduty


class Export(NamedTuple):
    """How the export of a product is read, and what it says itself of who is on call."""

    reader: Callable[[Path], Account]
    renderer: Callable[[Path], list[rendered.Rendered]]

    def read(self, path: Path) -> Account:
        """Raises `Unreadable`."""
        with _of_known_shape(path):
            return self.reader(path)

    def rendered(self, path: Path) -> list[rendered.Rendered]:
        """Raises `Unreadable`."""
        with _of_known_shape(path):
            return self.renderer(path)


@contextmanager
def _of_known_shape(path: Path) -> Iterator[None]:
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable("export.unexpected", f"{path}: not of the shape known: {error}") from None


EXPORTS: Mapping[str, Export] = {
    "pagerduty": Export(read_pagerduty, rendered.of_pagerduty),
    "opsgenie": Export(read_opsgenie, rendered.of_opsgenie),
    "grafana-oncall": Export(read_grafana_oncall, rendered.of_grafana_oncall),
    "brief": Export(read_brief, rendered.of_brief),
}
