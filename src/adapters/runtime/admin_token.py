"""The first administrator: a token in the state folder, which its owner alone may read.

Who owns the folder owns the service: what is in it opens the log as well. So a token that is not
there, or counts no more, is made anew at each start; nobody is ever locked out of a service that
they run.
"""

import os
from hashlib import sha256
from pathlib import Path

import structlog

from adapters.clock import new_id, new_secret
from adapters.main import Core
from domain.access.grants import AccessRole
from domain.access.tokens import LIVE_MAX, OWNER
from handlers.access.gate import SECRET
from handlers.kernel.provenance import Caller

FILE = "admin-token"

log = structlog.get_logger(__name__)


def read_admin_token(state: Path) -> str | None:
    """The token in a state folder, if there is one that can be read."""
    try:
        text = (state / FILE).read_text().strip()
    except (OSError, UnicodeDecodeError):
        return None
    return text if SECRET.fullmatch(text) else None


async def keep_admin_token(parts: Core, state: Path) -> None:
    """See to it that the folder holds a token of an administrator. Raises `Refused`,
    `Unavailable`.
    """
    await parts.gate.refresh()
    found, register = read_admin_token(state), parts.gate.register
    if found is not None:
        known = register.tokens.get(sha256(found.encode()).hexdigest())
        if known and known.standing(parts.clock.now()) == "live":
            (state / FILE).chmod(0o600)
            return
        if known:
            found = None
    secret = found or new_secret()
    await _issue(parts, secret)
    _write(state, secret)
    log.info("access.admin_token", file=str(state / FILE))


async def _issue(parts: Core, secret: str) -> None:
    """Instances with folders of their own share a log, and two tokens may have one name."""
    now = parts.clock.now()
    mine = parts.gate.register.named(OWNER)
    full = sum(each.standing(now) == "live" for each in mine) >= LIVE_MAX
    name = f"{OWNER}-{sha256(secret.encode()).hexdigest()[:8]}" if full else OWNER
    sender = Caller(new_id(), actor="state folder")
    await parts.access_keeper.issue(sender, name, AccessRole.ADMIN, secret=secret)


def _write(state: Path, secret: str) -> None:
    draft = state / f"{FILE}.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{secret}\n")
    draft.replace(state / FILE)
