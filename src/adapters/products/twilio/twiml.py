"""What a call says (twilio.com/docs/voice/twiml)."""

from xml.sax.saxutils import escape

SPOKEN_CHARS = 600  # about a minute


def spoken(text: str) -> str:
    """A call that says the text twice, and hangs up: who has been asleep misses the first half."""
    said = escape(text)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Response><Pause length="1"/><Say>{said}</Say><Pause length="1"/>'
        f"<Say>Again: {said}</Say></Response>"
    )
