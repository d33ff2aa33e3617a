"""What a call says, and what is written back (twilio.com/docs/voice/twiml,
twilio.com/docs/messaging/twiml).
"""

from xml.sax.saxutils import escape, quoteattr

SPOKEN_CHARS = 600  # about a minute
WAITS_S = 10
CHOICE = "Press 1 to acknowledge, 2 to escalate, 3 to resolve."
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def spoken(text: str) -> str:
    """A call that says the text twice, and hangs up: who has been asleep misses the first half."""
    return _response(f'<Pause length="1"/>{_say(text)}<Pause length="1"/>{_say(f"Again: {text}")}')


def asking(text: str, keys_url: str) -> str:
    """A call that says the text twice, each time with what may be pressed, which goes to an
    address. Who presses nothing has not answered.
    """
    said = "".join(_say(it) for it in (text, CHOICE, f"Again: {text}", CHOICE))
    gather = (
        f'<Gather numDigits="1" timeout="{WAITS_S}" method="POST"'
        f" action={quoteattr(keys_url)}>{said}</Gather>"
    )
    return _response(f'<Pause length="1"/>{gather}{_say("No key was pressed. Good bye.")}')


def said_once(text: str) -> bytes:
    """The end of a call."""
    return _response(f"{_say(text)}<Hangup/>").encode()


def replied(text: str) -> bytes:
    """A text message in answer to one."""
    return _response(f"<Message>{escape(text)}</Message>").encode()


def _say(text: str) -> str:
    return f"<Say>{escape(text)}</Say>"


def _response(content: str) -> str:
    return f"{_HEAD}<Response>{content}</Response>"
