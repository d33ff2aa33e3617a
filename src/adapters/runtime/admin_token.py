"""The first administrator: a token in the state folder, which its owner alone may read.

Who owns the folder owns the service: what is in it opens the log as well. So a token that is not
there, or counts no more, is made anew at each start; nobody is ever locked out of a service that
they run.
"""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import structlog

from adapters.clock import new_id, new_secret
from adapters.config.settings import ConfigFault
from adapters.main import Core
from adapters.runtime.state_folder import write_secret
from domain.access.grants import AccessRole
from domain.access.tokens import LIVE_MAX, OWNER
from domain.sight import SERVICE
from handlers.access.gate import SECRET
from handlers.kernel.provenance import Caller

FILE = "admin-token"
ROOT = 0
OTHERS, OTHERS_WRITE = 0o077, 0o022

log = structlog.get_logger(__name__)


def read_admin_token(state: Path) -> str | None:
    """The token in a state folder, if there is one that can be read."""
    try:
        text = (state / FILE).read_text().strip()
    except (OSError, UnicodeDecodeError):
        return None
    return text if SECRET.fullmatch(text) else None


async def keep_admin_token(parts: Core, state: Path) -> None:
    """See to it that the folder holds a token of an administrator. Raises `ConfigFault`,
    `Refused`, `Unavailable`.
    """
    await parts.gate.refresh()
    file = state / FILE
    found = read_admin_token(state) if _is_ours(file) else None
    if found is not None:
        known = parts.gate.register.tokens.get(sha256(found.encode()).hexdigest())
        live = known is not None and known.standing(parts.clock.now()) == "live"
        if known and live and known.role is AccessRole.ADMIN:
            _close(file)
            return
        if known:
            found = None
    secret = found or new_secret()
    _write(state, secret)  # first: what is not on record yet, the next start records
    await _issue(parts, secret)
    log.info("access.admin_token", file=str(file))


async def _issue(parts: Core, secret: str) -> None:
    """Instances with folders of their own share a log, and two tokens may have one name; which may
    also have become that of somebody else meanwhile.
    """
    now = parts.clock.now()
    live = [it for it in parts.gate.register.named(OWNER) if it.standing(now) == "live"]
    other = any((it.role, it.person) != (AccessRole.ADMIN, None) for it in live)
    taken = other or len(live) >= LIVE_MAX
    name = f"{OWNER}-{sha256(secret.encode()).hexdigest()[:8]}" if taken else OWNER
    sender = Caller(new_id(), SERVICE, actor="state folder")
    await parts.access_keeper.issue(sender, name, AccessRole.ADMIN, secret=secret)


def _is_ours(file: Path) -> bool:
    """Whether nobody else can have put it there, or written into it: that would make theirs the
    token of an administrator. Of a link, both it and where it leads count.
    """
    try:
        seen = (file.lstat(), file.stat())
    except OSError:
        return False
    owners = {os.geteuid(), ROOT}
    ours = {it.st_uid for it in seen} <= owners and not seen[1].st_mode & OTHERS_WRITE
    if not ours:
        advice = "it is made anew; revoke the token that it held, if it was one: others may know it"
        log.warning("access.admin_token_of_others", file=str(file), advice=advice)
    return ours


def _close(file: Path) -> None:
    """Against everybody but its owner, which is said where it was open."""
    if not file.stat().st_mode & OTHERS:
        return
    log.warning(
        "access.admin_token_open",
        file=str(file),
        advice="others could read it: if they could reach its folder, revoke it and start again",
    )
    with suppress(OSError):  # of a file system that cannot be written, or root's
        file.chmod(0o600)


def _write(state: Path, secret: str) -> None:
    if (state / FILE).is_dir():
        raise ConfigFault(
            f"{state / FILE} is a folder: move it away, a token is to be written there"
        )
    write_secret(state / FILE, secret)
