"""Events as they were once written, lifted to how they are written now.

One entry per retired tag: a function from its JSON to the JSON of a later tag, which may be
retired itself. A tag stays here, with its golden file, as long as any log may hold it.
"""

from collections.abc import Mapping
from typing import Final

from adapters.storage.codec.codec import Upcaster

UPCASTERS: Final[Mapping[str, Upcaster]] = {}
