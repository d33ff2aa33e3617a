"""News on the small screen of a phone: which of it may wake its owner, and what fits on it."""

from collections.abc import Mapping

from adapters.products.kit.paging import ENDS, wakes
from adapters.products.kit.settings import SettingFault
from adapters.products.kit.text import cut, printable, shortened, strip_marks
from domain.policy import Severity
from handlers.notify.render import Message

_CUT = "…"


def loudness(levels: Mapping[Severity, int], usual: int, message: Message) -> int:
    """How loud a product is to be, by its own `levels`: what wakes nobody is never louder than
    `usual`, however severe that is which it tells of.
    """
    level = levels[message.intent.severity]
    return level if wakes(message.intent) else min(level, usual)


def is_over(message: Message) -> bool:
    """Whether it tells that something has ended."""
    return message.intent.kind in ENDS


def title(message: Message, most: int) -> str:
    """The subject in at most so many characters, without what could steer."""
    return cut(" ".join(printable(message.subject).split()), most)


def words(message: Message, most: int) -> str:
    """The text without mark-up in at most so many characters; where some were left out, it says
    where they are. Never empty: some products refuse a message without words.
    """
    text = printable(strip_marks(message.text), keep="\n").strip()
    return shortened(text, most, message.url) or title(message, most)


def cut_bytes(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, with no character torn, and `…` where some were left out."""
    coded = text.encode(errors="replace")
    if len(coded) <= most:
        return coded.decode()
    return coded[: most - len(_CUT.encode())].decode(errors="ignore") + _CUT


def check_destination(key: str, value: object, audiences: tuple[str, ...]) -> None:
    """Whoever tells an audience knows where. Raises `SettingFault`."""
    if audiences and not value:
        raise SettingFault(f"{key}: where its audiences ({', '.join(audiences)}) read it is needed")
