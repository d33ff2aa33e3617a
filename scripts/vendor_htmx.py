"""Take the scripts of others that the console serves from their npm package, as its client checks
it: `.venv/bin/python scripts/vendor_htmx.py [VERSION]`. Without a version, the one that is there.

What the package must hash to stands in the manifest beside them; another version changes it, which
is to be read before it is committed. The tests check that the files are those of the manifest.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "htmx.org"
TAKEN = {
    "package/dist/htmx.min.js": "htmx.min.js",
    "package/dist/ext/hx-sse.min.js": "hx-sse.min.js",
    "package/dist/ext/hx-csp.min.js": "hx-csp.min.js",
    "package/LICENSE": "LICENSE",
}
FOLDER = Path(__file__).parent.parent / "src/adapters/console/vendor"
MANIFEST = FOLDER / "manifest.json"


def main(version: str | None) -> None:
    """Fetch, check, unpack, and say what is there now."""
    known = json.loads(MANIFEST.read_text()) if MANIFEST.exists() else {}
    wanted = version or known["version"]
    with tempfile.TemporaryDirectory() as folder:
        archive = _fetched(wanted, Path(folder))
        integrity = _integrity(archive.read_bytes())
        if wanted == known.get("version") and integrity != known["integrity"]:
            sys.exit(f"{PACKAGE} {wanted} is {integrity}, not {known['integrity']}: nothing taken")
        files = _unpacked(archive)
    FOLDER.mkdir(exist_ok=True)
    for name, content in files.items():
        (FOLDER / name).write_bytes(content)
    manifest = {
        "package": PACKAGE,
        "version": wanted,
        "integrity": integrity,
        "licence": "0BSD",
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"{PACKAGE} {wanted}: {', '.join(files)}")


def _fetched(version: str, folder: Path) -> Path:
    """The archive, by npm as it is configured, which runs nothing of it."""
    command = ["npm", "pack", f"{PACKAGE}@{version}", "--json", "--ignore-scripts"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True)  # noqa: S603 - ours
    (told,) = json.loads(done.stdout)
    return folder / str(told["filename"])


def _integrity(content: bytes) -> str:
    """As package managers write it (W3C, Subresource Integrity)."""
    return f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}"


def _unpacked(archive: Path) -> dict[str, bytes]:
    """The files that are taken; of a source map, which is not served, nothing is said."""
    found: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:
        for path, name in TAKEN.items():
            file = tar.extractfile(path)
            assert file is not None, f"{path} is no file"
            lines = file.read().splitlines(keepends=True)
            found[name] = b"".join(it for it in lines if not it.startswith(b"//# sourceMapping"))
    return found


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
