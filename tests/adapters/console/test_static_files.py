"""The files that pages load: they are those of the manifest, and small."""

import json
from hashlib import sha256
from pathlib import Path

from adapters.console import static_files

VENDOR = Path(static_files.__file__).parent / "vendor"


def test_what_others_wrote_is_as_its_manifest_has_it():
    """Nobody has mended it by hand, and its licence is beside it."""
    manifest = json.loads((VENDOR / "manifest.json").read_text())
    found = {
        each.name: sha256(each.read_bytes()).hexdigest()
        for each in VENDOR.iterdir()
        if each.name != "manifest.json"
    }
    assert found == manifest["files"]
    assert "LICENSE" in found
    assert manifest["integrity"].startswith("sha512-")


def test_a_name_says_its_content_and_finds_it():
    for source in static_files.SOURCES:
        one = static_files.static_file(source)
        assert sha256(one.plain).hexdigest()[:12] in one.name
        assert static_files.served_as(one.name) == one
    assert static_files.served_as("console.css") is None


def test_our_own_script_makes_no_markup_and_runs_no_text():
    script = static_files.static_file("console.js").plain.decode()
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "document.write"):
        assert forbidden not in script
