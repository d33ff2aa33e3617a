"""Name the images of docker-compose.yml and Dockerfile by the digests that the registry shows now.

    python scripts/pin_images.py [file]

Writes `.env`, which `docker compose` reads: `NATS_IMAGE=nats:2.15-alpine@sha256:…` and so on. What
else stands in the file stays. A digest names the same bytes for ever; run it again to move on.
"""

import re
import subprocess
import sys
from pathlib import Path

IMAGES = {
    "NATS_IMAGE": "nats:2.15-alpine",
    "POSTGRES_IMAGE": "postgres:18",
    "PYTHON_IMAGE": "python:3.13-slim",
}
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def digest_of(image: str) -> str:
    """That of the image for all platforms. Raises `SystemExit` where the registry shows none."""
    command = ["docker", "buildx", "imagetools", "inspect", image]
    asked = [*command, "--format", "{{.Manifest.Digest}}"]
    try:
        found = subprocess.run(asked, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    except FileNotFoundError:
        sys.exit("docker is not installed: it is asked for the digests")
    digest = DIGEST.search(found.stdout)
    if found.returncode or digest is None:
        sys.exit(f"{image}: the registry shows no digest: {found.stderr.strip() or 'no answer'}")
    return digest[0]


def main(file: Path) -> None:
    """Nothing is written unless all are known."""
    pinned = {name: f"{image}@{digest_of(image)}" for name, image in IMAGES.items()}
    known = file.read_text().splitlines() if file.exists() else []
    kept = [line for line in known if line.partition("=")[0] not in pinned]
    file.write_text("\n".join([*kept, *(f"{name}={image}" for name, image in pinned.items()), ""]))
    print(*(f"{name}={image}" for name, image in pinned.items()), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".env"))
