"""What links are signed with by which pages are answered: the configured secrets, or one of the
state folder's own. Instances with folders of their own answer each other's links by the former
alone.
"""

import re
from pathlib import Path

from adapters.clock import new_secret
from adapters.config.settings import Config
from adapters.runtime.state_folder import write_secret

FILE = "answer-secret"
_SECRET = re.compile(r"cpa_[A-Za-z0-9_-]{40,60}")


def answer_secrets(config: Config) -> tuple[str, ...]:
    """Those that count, the one to sign with first."""
    return config.answer_secrets or (_kept(Path(config.state)),)


def _kept(state: Path) -> str:
    """That of the folder, which is made where there is none that could be read."""
    file = state / FILE
    try:
        found = file.read_text().strip()
    except (OSError, UnicodeDecodeError):
        found = ""
    if _SECRET.fullmatch(found):
        return found
    secret = new_secret("cpa_")
    write_secret(file, secret)
    return secret
