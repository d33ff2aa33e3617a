"""What browsers may load and run for a page: nothing but what stands in it, named by digests."""

from base64 import b64encode
from hashlib import sha256


def digest(text: str) -> str:
    """What stands in a page, as a policy names it."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def page_policy(style: str, *more: str, forms: str = "'none'") -> str:
    """The content security policy of a page whose one style sheet this is; `more` directives; and
    where its forms may be sent to.
    """
    return "; ".join((
        "default-src 'none'",
        f"style-src {digest(style)}",
        *more,
        "base-uri 'none'",
        f"form-action {forms}",
        "frame-ancestors 'none'",
    ))  # fmt: skip
