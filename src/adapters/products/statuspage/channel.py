"""Messages to customers as incidents and maintenances of a Statuspage: created once, updated,
resolved.

Each incident there carries the id of ours as metadata, with the intents that it shows. Before one
is created, it is looked for; before one is updated, whether the update is there already.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import httpx2
import msgspec

from adapters.products.kit.incident import incident_of
from adapters.products.kit.settings import SettingFault
from adapters.products.kit.web import client
from adapters.products.statuspage import wording
from adapters.products.statuspage.api import Api, Ours, PublishedIncident
from adapters.products.statuspage.settings import StatuspageSettings
from domain.notification import Audience
from handlers.notify.channels import Permanent, Transient, Unusable
from handlers.notify.render import Message

REMEMBERED = 1_000
INTENTS_MOST = 20
"""So many of the latest are remembered at an incident, for those that come again."""


@asynccontextmanager
async def open_statuspage(
    name: str, settings: StatuspageSettings, clock: Callable[[], datetime]
) -> AsyncIterator[list["Statuspage"]]:
    """The one channel of these settings. Raises `SettingFault`."""
    async with client() as opened:
        yield [Statuspage(name, settings, opened, clock)]


class Statuspage:
    """Publishes on one page what is for customers, and nothing else."""

    def __init__(
        self,
        name: str,
        settings: StatuspageSettings,
        http: httpx2.AsyncClient,
        clock: Callable[[], datetime],
    ) -> None:
        if set(settings.audiences) != {Audience.CUSTOMERS}:
            raise SettingFault("audiences: a public page tells customers, and nobody else")
        self._name = name
        self._components = settings.components
        self._api = Api(settings, http, clock)
        self._known: OrderedDict[str, PublishedIncident] = OrderedDict()

    @property
    def name(self) -> str:
        return self._name

    async def check(self) -> str:
        """Look whether everything is there, without publishing a word. Raises `Transient`,
        `Permanent`.
        """
        there = {component.id for component in await self._api.components()}
        missing = [service for service, id_ in self._components.items() if id_ not in there]
        if missing:
            raise Permanent(f"the page has no component for {', '.join(missing)}")
        return f"the page answers, with {len(there)} components; nothing was published"

    async def send(self, message: Message, *, again: bool = False) -> str:
        """Publish, unless it is there already. Raises `Transient`, `Unusable`, `Permanent`."""
        if message.intent.audience is not Audience.CUSTOMERS:
            raise Permanent("this message is not for customers, and the page is public")
        if incident_of(message) is None and wording.maintenance_of(message) is None:
            raise Permanent(
                "this message is about no incident or maintenance, and the page shows nothing else"
            )
        published = await self._published(message.intent.key, again=again)
        if published is None:
            return await self._create(message)
        ours = published.ours
        assert ours is not None, "it is one of ours"
        if message.intent.id in ours.intents:
            return f"{published.id}: published before"
        if message.intent.position < ours.shows:
            return f"{published.id}: left out, later news is published"
        return await self._update(message, published, ours)

    async def _published(self, incident_id: str, *, again: bool) -> PublishedIncident | None:
        """The incident on the page: remembered, unless its state is not certain, or found."""
        known = None if again else self._known.get(incident_id)
        if known:
            return known
        async for found in self._api.incidents():
            if found.ours and found.ours.incident_id == incident_id:
                return self._remember(found)
        return None

    async def _create(self, message: Message) -> str:
        ours = Ours(incident_id=message.intent.key)
        fields = {**wording.heading(message), **await self._fields(message, ours)}
        published = await self._api.create(fields)
        self._remember(published)
        return f"{published.id}: {fields['status']}"

    async def _update(self, message: Message, published: PublishedIncident, ours: Ours) -> str:
        fields = await self._fields(message, ours)
        if wording.maintenance_of(message):
            fields = {**wording.heading(message), **fields}
        try:
            self._remember(await self._api.update(published.id, fields))
        except Unusable as refusal:
            # Perhaps somebody has deleted it: then it is not found again, and made anew.
            self._known.pop(message.intent.key, None)
            raise Transient(str(refusal)) from refusal
        return f"{published.id}: {fields['status']}"

    async def _fields(self, message: Message, ours: Ours) -> dict[str, Any]:
        """What creating and updating have in common."""
        intent = message.intent
        shown = Ours(
            incident_id=ours.incident_id,
            shows=intent.position,
            intents=(*ours.intents, intent.id)[-INTENTS_MOST:],
        )
        ids, state = self._named(message), wording.component_status(message)
        moved = await self._moved(message, ids, state)
        return {
            "status": wording.status(message),
            "body": wording.body(message),
            "component_ids": sorted(ids if wording.maintenance_of(message) else moved),
            "components": dict.fromkeys(sorted(moved), state),
            "metadata": {"commandpost": msgspec.to_builtins(shown)},
        }

    def _named(self, message: Message) -> set[str]:
        """The components of its services."""
        incident = incident_of(message)
        named = incident.services if incident else message.intent.subject.services
        return {self._components[service] for service in named if service in self._components}

    async def _moved(self, message: Message, ids: set[str], state: str) -> set[str]:
        """Those of these that get this status. What another incident still affects does not become
        operational, nor under maintenance, by this one; work that has not begun changes nothing.
        """
        if wording.is_not_begun(message):
            return set()
        if state in {"operational", "under_maintenance"} and ids:
            for other in await self._api.unresolved():
                if not (other.ours and other.ours.incident_id == message.intent.key):
                    ids = ids - {component.id for component in other.components or ()}
        return ids

    def _remember(self, published: PublishedIncident) -> PublishedIncident:
        if published.ours:
            self._known[published.ours.incident_id] = published
            self._known.move_to_end(published.ours.incident_id)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return published
