"""What stands on record of the configuration: who is connected and what is in force, no secret."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import msgspec

from adapters.clock import new_id
from adapters.config.settings import Config, OidcSettings
from adapters.main import Core
from domain.sight import SERVICE
from handlers.kernel.provenance import Caller


def settings_of(config: Config, policy_version: str) -> dict[str, str]:
    """A configuration in words. What differs between instances of one service is left out. Of
    rules there is a digest, so that a change is seen.
    """
    found = {
        "policy": policy_version,
        "public_url": config.public_url,
        "nats.commands_as": config.nats.commands_as,
        **_http_server(config),
        "outgoing.networks": _listed(config.outgoing.networks),
        "dead_mans_switch": _switch(config),
        **_oidc(config.oidc),
        **{f"sources.{name}": _source(each) for name, each in config.sources.items()},
        **{f"channels.{name}": each.kind for name, each in config.channels.items()},
        **{f"heartbeats.{name}": f"{it.silence_s} s" for name, it in config.heartbeats.items()},
        **{
            f"prometheus.{it}": urlsplit(each.url).hostname
            for it, each in config.prometheus.items()
        },
        "rules": _digest(config.rules),
        "silences": _digest(config.silences),
        "maintenance": _digest(config.maintenance),
    }
    return {name: str(value) for name, value in found.items() if value is not None}


async def note_configuration(parts: Core) -> None:
    """Record it where it is another one than at the last start. Raises `Unavailable`."""
    settings = settings_of(parts.config, parts.policy.version)
    await parts.access_keeper.use_configuration(
        Caller(new_id(), SERVICE, actor="state folder"), settings
    )


def _http_server(config: Config) -> dict[str, str | int | None]:
    """Who is let in, beside tokens."""
    it = config.http_server
    return {
        "http_server.hosts": _listed(it.hosts),
        "http_server.origins": _listed(it.origins),
        "http_server.requests_per_minute": it.requests_per_minute,
    }


def _switch(config: Config) -> str | None:
    """Who hears of it, without the path, which is a secret with most."""
    it = config.dead_mans_switch
    return f"{urlsplit(it.url).hostname}, every {it.interval_s} s" if it else None


def _oidc(it: OidcSettings | None) -> dict[str, str | None]:
    """Where people log in, and who of them may do what."""
    if it is None:
        return {}
    return {
        "oidc.issuer": it.issuer,
        "oidc.client_id": it.client_id,
        "oidc.default_role": it.default_role,
        "oidc.groups_claim": it.groups_claim,
        "oidc.session_hours": str(it.session_hours),
        "oidc.trust_email": "yes" if it.trust_email else None,
        **{f"oidc.roles.{group}": role for group, role in it.roles.items()},
    }


def _listed(items: Iterable[str]) -> str | None:
    return ", ".join(items) or None


def _source(source: Any) -> str:
    many = len(source.secrets)
    return f"{source.kind}, {many} {'secret' if many == 1 else 'secrets'}"


def _digest(items: tuple[Any, ...]) -> str | None:
    if not items:
        return None
    return f"{len(items)} ({sha256(msgspec.json.encode(items)).hexdigest()[:8]})"
