"""What is configured of a generic source."""

from typing import Annotated

import msgspec

from adapters.products.kit.settings import MappedSource

PRODUCT = "generic"


class GenericSource(MappedSource, frozen=True, kw_only=True):
    """Expressions of a `preset`, and those that replace them; "" takes one away. A sender that
    signs puts the HMAC-SHA256 of the body by one of the secrets into `signature_header`.
    `certificates`: PEM files with which Amazon SNS signs, under the names that they have there.
    """

    preset: str | None = None
    signature_header: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    certificates: Annotated[tuple[str, ...], msgspec.Meta(max_length=100)] = ()
