"""Settings of a channel to a team at Linear."""

from adapters.products.kit.settings import Given
from adapters.products.kit.tracker import TrackerSettings


class LinearSettings(TrackerSettings, frozen=True, kw_only=True, tag="linear"):
    """New issues are opened for the `team` (its id), by the API key `token`."""

    token: Given
    team: Given
    api_url: Given = "https://api.linear.app/graphql"
