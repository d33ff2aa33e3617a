"""What the inner layers may import from outside: an allow-list. Directions: pyproject.toml."""

import pytest

from house.tree import LAYERS, modules

# Without clocks, files, sockets, processes and chance; datetime and uuid only to calculate with.
PURE = {
    *(
        "array",
        "bisect",
        "calendar",
        "collections",
        "dataclasses",
        "datetime",
        "enum",
        "fnmatch",
        "fractions",
        "functools",
        "hashlib",
    ),
    *("itertools", "math", "operator", "re", "struct", "types", "typing", "unicodedata", "uuid"),
    "zoneinfo",
    "msgspec",
    "whenever",  # time zones, as zoneinfo
}


@pytest.mark.parametrize("layer", ["domain", "projections"])
def test_a_pure_layer_imports_what_is_on_the_list_and_nothing_else(layer: str):
    surplus = {
        module.place: sorted(tops - PURE - set(LAYERS))
        for module in modules().values()
        if module.name.split(".")[0] == layer
        and (tops := {name.split(".")[0] for name in module.imports}) - PURE - set(LAYERS)
    }
    assert not surplus
