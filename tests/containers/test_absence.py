"""Where containers cannot be had, this folder says why, at once, instead of failing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.embedded.processes import free_port
from containers.engine import HOST, ROOT
from support.patience import PATIENT_S

HERE = Path(__file__).parent


def reasons(*arguments: str, **environment: str) -> set[str]:
    """Why this folder's other tests were skipped, all of them, in an environment."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", HERE, "--ignore", __file__, "-q", "-rs", *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "1000", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENT_S,
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"^\d+ skipped(, \d+ deselected)? in", done.stdout, re.MULTILINE), done.stdout
    return set(re.findall(r"^SKIPPED \[\d+\] \S+ (.*)$", done.stdout, re.MULTILINE))


def test_without_an_engine_every_test_names_the_address_that_does_not_answer():
    (why,) = reasons(DOCKER_HOST="unix:///nonexistent/docker.sock")
    assert why.startswith("no Docker engine answers at unix:///nonexistent/docker.sock: ")


@pytest.mark.docker
def test_with_an_engine_but_without_images_every_test_names_the_image(docker_engine):
    nowhere = f"{HOST}:{free_port()}/"
    (why,) = reasons(TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX=nowhere)
    assert why.startswith(f"image {nowhere}nats:2.15 is not here and cannot be pulled: ")


@pytest.mark.docker
def test_without_docker_compose_its_test_names_the_command(docker_engine, tmp_path):
    (why,) = reasons("-k", "test_compose", PATH=str(tmp_path))
    assert why == "the command `docker compose` is not installed"
