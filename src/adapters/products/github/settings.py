"""Settings of a channel to the issues of a repository at GitHub."""

from typing import Annotated

import msgspec

from adapters.products.kit.settings import Given
from adapters.products.kit.tracker import TrackerSettings

Repository = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$")]


class GitHubSettings(TrackerSettings, frozen=True, kw_only=True, tag="github"):
    """New issues are opened in the `repository` (`owner/name`), by a `token` that may read and
    write issues.
    """

    token: Given
    repository: Repository
    api_url: Given = "https://api.github.com"
