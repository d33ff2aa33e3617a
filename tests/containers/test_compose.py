"""docker-compose.yml as a newcomer uses it: build, up, an incident, down, and nothing is left."""

import json
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest
from docker import DockerClient

from adapters.embedded.processes import free_port
from containers.engine import HOST, ROOT, MissingError, have
from support.service_process import environment

pytestmark = pytest.mark.docker

IMAGES = ("nats:2.15-alpine", "python:3.13-slim")
SERVICES = {"nats", "postgres", "commandpost"}
ONCE = {"passwords", "provision"}
EVERYWHERE = "0.0.0.0"
COMPOSE = ["docker", "compose", "version"]
BUILD_S, START_S = 600, 90


class Project:
    """The project of this repository under a name, an image and ports of its own."""

    def __init__(self) -> None:
        self.name = f"commandpost-test-{secrets.token_hex(4)}"
        self.image = f"{self.name}:local"
        self.url = f"http://{HOST}:{(port := free_port())}"
        self._env = {
            **environment(),
            "COMMANDPOST_IMAGE": self.image,
            "COMMANDPOST_HTTP_PORT": str(port),
            "COMMANDPOST_NATS_PORT": str(free_port()),
            "COMMANDPOST_NATS_MONITOR_PORT": str(free_port()),
            "COMMANDPOST_DATABASE_PORT": str(free_port()),
            "COMMANDPOST_APP_PASSWORD": "12345678",  # which is no number
        }

    def run(self, *arguments: str, within_s: float = START_S) -> str:
        """`docker compose …`; what it prints. It must succeed."""
        done = self.ended(*arguments, within_s=within_s)
        if done.returncode:
            logs = self.ended("logs", "--no-color", "--tail", "30", within_s=START_S).stdout
            pytest.fail(f"compose {' '.join(arguments)}: {done.stderr[-3000:]}\n{logs}")
        return done.stdout

    def ended(
        self, *arguments: str, within_s: float = START_S, **env: str
    ) -> "subprocess.CompletedProcess[str]":
        """`docker compose …`, however it ends."""
        return subprocess.run(
            ["docker", "compose", "--env-file", "/dev/null", "-p", self.name, *arguments],
            cwd=ROOT,
            env={**self._env, **env},
            capture_output=True,
            text=True,
            timeout=within_s,
            check=False,
        )

    def remove_image(self, engine: DockerClient) -> None:
        if engine.images.list(name=self.image):
            engine.images.remove(self.image)

    def containers(self, engine: DockerClient) -> dict[str, Any]:
        """What the engine says of each container, by its service."""
        of_ours = {"label": f"com.docker.compose.project={self.name}"}
        found = engine.containers.list(all=True, filters=of_ours)
        return {each.labels["com.docker.compose.service"]: each.attrs for each in found}

    def left(self, engine: DockerClient) -> list[Any]:
        """Containers, volumes and networks of the project that exist."""
        of_ours = {"label": f"com.docker.compose.project={self.name}"}
        return [
            *self.containers(engine),
            *engine.volumes.list(filters=of_ours),
            *engine.networks.list(filters=of_ours),
        ]


@pytest.fixture
def project(docker_engine: DockerClient) -> Iterator[Project]:
    """Removed at the end, whatever became of it; the cache of the build stays for the next one."""
    if not shutil.which("docker") or subprocess.call(COMPOSE, stdout=subprocess.DEVNULL):
        pytest.skip("the command `docker compose` is not installed")
    try:
        for image in IMAGES:
            have(docker_engine, image)
    except MissingError as missing:
        pytest.skip(str(missing))
    project = Project()
    with ExitStack() as stack:
        stack.callback(project.remove_image, docker_engine)
        stack.callback(project.run, "down", "--volumes", "--remove-orphans", "--timeout", "5")
        yield project


def test_the_project_is_built_comes_up_healthy_takes_an_incident_and_goes(
    project: Project, docker_engine: DockerClient
):
    project.run("build", "--quiet", within_s=BUILD_S)
    project.run("up", "--detach", "--no-build", "--wait", "--wait-timeout", str(START_S))
    listed = [json.loads(line) for line in project.run("ps", "--format", "json").splitlines()]
    assert {each["Service"]: each["Health"] for each in listed} == dict.fromkeys(
        SERVICES, "healthy"
    )
    containers = project.containers(docker_engine)
    assert containers.keys() == SERVICES | ONCE
    for name, container in containers.items():
        assert_confined(container)
        assert (container["State"]["ExitCode"], container["State"]["Running"]) == (
            0, name in SERVICES,
        )  # fmt: skip
    assert not any("admin" in each.lower() for each in containers["commandpost"]["Config"]["Env"])
    as_superuser = (
        "exec",
        "postgres",
        "psql",
        "--username",
        "postgres",
        "--tuples-only",
        "--no-align",
    )
    asked = "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolcanlogin"
    roles = project.run(*as_superuser, "--command", f"{asked} ORDER BY 1").split()
    assert roles == ["commandpost|f|f|f", "postgres|t|t|t"]

    token = project.run("exec", "commandpost", "cat", "/var/lib/commandpost/admin-token").strip()
    shown = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=project.url, timeout=10, headers=shown) as http:
        assert http.get("/health/ready").status_code == 200
        declared = http.post("/v1/incidents", json={"title": "Checkout is slow"})
        assert declared.status_code == 201, declared.text
        answer = declared.json()
        asked = {"min_position": answer["position"]}
        shown = http.get(f"/v1/incidents/{answer['reference']}", params=asked)
        assert answer["incident"].items() <= shown.json().items()

    # Another address, and the passwords that everybody knows: what ran is not what others reach.
    refused = project.ended("up", "--detach", "--no-build", COMMANDPOST_BIND=EVERYWHERE)
    assert refused.returncode != 0
    said = project.run("logs", "--no-log-prefix", "passwords")
    assert f"others can reach COMMANDPOST_BIND={EVERYWHERE}" in said
    running = {
        name: container["NetworkSettings"]["Ports"]
        for name, container in project.containers(docker_engine).items()
        if container["State"]["Running"]
    }
    assert EVERYWHERE not in json.dumps(running)

    project.run("down", "--volumes")
    assert project.left(docker_engine) == []


def assert_confined(container: dict[str, Any]) -> None:
    """What it may do, and where it may write."""
    host = container["HostConfig"]
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    as_root = container["Config"]["Labels"]["com.docker.compose.service"] == "nats"
    assert (container["Config"]["User"] in {"", "0", "root"}) == as_root
