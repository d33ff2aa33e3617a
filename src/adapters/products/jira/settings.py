"""Settings of a channel to a project of Jira."""

import base64
from typing import Annotated

import msgspec

from adapters.products.kit.settings import Given
from adapters.products.kit.tracker import TrackerSettings

Project = Annotated[str, msgspec.Meta(pattern=r"^[A-Z][A-Z0-9_]{0,49}$")]


class JiraSettings(TrackerSettings, frozen=True, kw_only=True, tag="jira"):
    """New issues are opened in the `project` (its key) of the site at `url`, by the API `token` of
    the account with this `email`. What ends with one of the resolutions `declined` is not done.
    """

    url: Given
    email: Given
    token: Given
    project: Project
    issue_type: Given = "Task"
    done: Given = "Done"
    declined: tuple[Given, ...] = ("Won't Do", "Won't Fix", "Declined", "Duplicate")

    @property
    def basic(self) -> str:
        """What the account shows of itself (RFC 7617)."""
        return base64.b64encode(f"{self.email}:{self.token}".encode()).decode()
