"""Where the service is that a command asks, and what shows who asks it.

What is named more closely counts: flags, then the environment, then the service that runs over the
state folder, then the default profile.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from adapters.cli.over_http.failures import FAILED, NO_ACCESS, USAGE, CommandFailed
from adapters.cli.over_http.profiles import Profile, chosen_profile, profile_file

URL = "COMMANDPOST_URL"
TOKEN = "COMMANDPOST_TOKEN"  # noqa: S105 - the name of it
PROFILE = "COMMANDPOST_PROFILE"
STATE, CONFIG = "COMMANDPOST_STATE", "COMMANDPOST_CONFIG"
USUAL_STATE = ".commandpost"
EMPTY = (
    f"{TOKEN} is set and empty: unset it to act as the owner of the state folder, or give it a"
    " token; a secret that could not be read is often what leaves it so"
)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Named(NamedTuple):
    """What the flags of a command say about where it asks."""

    url: str | None = None
    profile: str | None = None
    state: str | None = None
    config: str | None = None
    servers: bool = False
    """Whether they name servers: then it is these that are asked, whatever service runs."""


class Place(NamedTuple):
    """Where a service answers, and the token for it. `owner`: it is that of the state folder's
    owner, who may act in the name of others.
    """

    url: str
    token: str | None
    shown_by: str
    owner: bool = False
    remark: str | None = None


def place_of(named: Named, environment: Mapping[str, str]) -> Place | None:
    """Where to ask; None: nothing runs that is named. Raises `CommandFailed`."""
    token = given_token(environment)
    if named.servers:
        return None
    url = named.url or (None if _flags(named) else environment.get(URL))
    if url is not None:
        return _checked(_at(url, token, named, environment))
    wanted = named.profile or (None if named.state else environment.get(PROFILE))
    if wanted is not None:
        profile = chosen_profile(profile_file(environment), wanted)
        assert profile is not None, "one that is named is there, or refused"
        return _checked(_of(profile, token))
    local = _local(named, environment, token)
    default = None if named.state else chosen_profile(profile_file(environment), None)
    if local is None:
        return _checked(_of(default, token)) if default else None
    if default is not None and default.url.rstrip("/") != local.url:
        said = f"asking {local.url}, which runs over the state folder, not profile {default.name}"
        return local._replace(remark=said)
    return local


def given_token(environment: Mapping[str, str]) -> str | None:
    """The token of the environment. An empty one is no wish to act as somebody who may do more.
    Raises `CommandFailed`.
    """
    if not environment.get(TOKEN, "x").strip():
        raise CommandFailed(NO_ACCESS, EMPTY)
    return environment[TOKEN].strip() if TOKEN in environment else None


def state_folder(named: Named, environment: Mapping[str, str]) -> Path:
    """The folder in which a local service says where it is."""
    given = named.state or environment.get(STATE) or _configured_state(named, environment)
    return Path(given or USUAL_STATE)


def check_servers(named: Named, environment: Mapping[str, str], command: str) -> None:
    """Raises `CommandFailed` where the service that is meant is not the one that runs here."""
    place = place_of(named, environment)
    if place is None:
        return
    local = _local(named, environment, None)
    if local is None or local.url != place.url:
        raise CommandFailed(
            USAGE,
            f"{command} needs the servers of the service, not {place.url} alone: run it where its"
            " state folder is (--state), or give --nats-url and --database-url",
        )


def _flags(named: Named) -> bool:
    return named.profile is not None or named.state is not None


def _at(url: str, token: str | None, named: Named, environment: Mapping[str, str]) -> Place:
    """At a URL that is named: the token of the local owner is for the local service alone."""
    url = url.rstrip("/")
    if token is not None:
        return Place(url, token, TOKEN)
    local = _local(named, environment, None)
    if local is not None and local.url == url:
        return local
    return Place(url, None, TOKEN)


def _of(profile: Profile, token: str | None) -> Place:
    if token is not None:
        return Place(profile.url.rstrip("/"), token, TOKEN)
    return Place(profile.url.rstrip("/"), profile.shown(), f"profile {profile.name}")


def _checked(place: Place) -> Place:
    parts = urlsplit(place.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise CommandFailed(
            USAGE, f"{place.url} is no URL of a service, such as https://commandpost.example.com"
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK and place.token:
        said = f"the token crosses the network to {parts.hostname} unencrypted: use https"
        return place._replace(remark=said)
    return place


def _local(named: Named, environment: Mapping[str, str], token: str | None) -> Place | None:
    """The service that runs over the state folder, and the token of its owner."""
    folder = state_folder(named, environment)
    try:
        found = json.loads((folder / "commandpost.json").read_bytes())
        os.kill(found["pid"], 0)
        url = str(found["http_url"]).rstrip("/")
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if token is not None:
        return Place(url, token, TOKEN)
    file = folder / "admin-token"
    try:
        return Place(url, file.read_text().strip(), str(file), owner=True)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(NO_ACCESS, f"the owner's token cannot be read: {error}") from error


def _configured_state(named: Named, environment: Mapping[str, str]) -> str | None:
    file = named.config or environment.get(CONFIG)
    if not file:
        return None
    import tomllib  # noqa: PLC0415 - most commands name no configuration

    try:
        state = tomllib.loads(Path(file).read_text()).get("state")
    except OSError as error:
        raise CommandFailed(FAILED, f"cannot read {file}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandFailed(FAILED, f"{file} is not TOML: {error}") from error
    return state if isinstance(state, str) else None
