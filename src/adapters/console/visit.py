"""A page of the console as a value, and what it is made with."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from domain.access.grants import Permission
from domain.access.principal import Principal
from domain.sight import Viewer
from handlers.access.gate import Gate
from handlers.access.keeper import AccessKeeper
from handlers.entrance.service import Service
from handlers.kernel.provenance import Caller
from handlers.queries.resources import Page as Answered
from projections.past import NOW, Cut
from projections.read_model import Resource


class Visit(NamedTuple):
    """Somebody asks for a page: who, when, what the path names, and what else was said: `query` in
    the address, `form` in what was sent.
    """

    service: Service
    gate: Gate
    keeper: AccessKeeper
    principal: Principal
    viewer: Viewer
    now: datetime
    path: str
    correlation_id: str
    names: Mapping[str, str] = {}
    query: Mapping[str, Sequence[str]] = {}
    form: Mapping[str, Sequence[str]] = {}

    @property
    def ref(self) -> str:
        """The one that the path names."""
        return self.names["ref"]

    def asked(self, name: str, default: str = "") -> str:
        """A parameter that has one value."""
        return next((each for each in self.query.get(name, ()) if each), default)

    def said(self, name: str, default: str = "") -> str:
        """A field of a form that has one value."""
        return next((each for each in self.form.get(name, ()) if each), default)

    def chosen(self, name: str) -> list[str]:
        """A parameter that has several values; none where it was left open."""
        return [each for each in self.query.get(name, ()) if each]

    def may(self, permission: Permission) -> bool:
        """Whether who asks has a permission."""
        return self.principal.may(permission)

    @property
    def caller(self) -> Caller:
        """As whom commands are sent; a form that is sent twice is done once."""
        key = self.said("once") or None
        return Caller(self.correlation_id, self.viewer, key, principal=self.principal)

    async def ask(
        self,
        resource: Resource,
        ref: str | None = None,
        cut: Cut = NOW,
        position: int | None = None,
        **given: Any,
    ) -> Answered:
        """What a resource answers whoever looks. Raises `Refused`, `Lagging`, `Unavailable`."""
        return await self.service.ask(
            resource, given, self.viewer, ref=ref, cut=cut, position=position
        )

    def here(self, **changed: Any) -> str:
        """The address of this page with other parameters; None: without it."""
        query = {name: list(values) for name, values in self.query.items()}
        for name, value in changed.items():
            query[name] = [] if value is None else [str(value)]
        pairs = [(name, each) for name, values in query.items() for each in values if each]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path


class Shown(NamedTuple):
    """What a page shows: a template with its values, or (`to`) where to go on."""

    template: str
    values: Mapping[str, Any] = {}
    status: int = 200
    to: str | None = None


def sent_to(path: str) -> Shown:
    """Go on there: a form that was sent is not sent again by looking at what came of it."""
    return Shown("", status=303, to=path)


Build = Callable[[Visit], Awaitable[Shown]]


class ConsolePage(NamedTuple):
    """A page at a `path`, with `{ref}` for what it is about, and what one needs to see it (None: to
    be known at all). `take` answers a form that is sent there, which needs what it `changes` by, if
    that is more. In the frame it is called `name`
    under `group`; without a name it is found by what leads to it. Behind `g`, `key` leads there.
    """

    path: str
    needs: Permission | None
    build: Build | None
    take: Build | None = None
    changes: Permission | None = None
    name: str | None = None
    group: str = ""
    key: str | None = None
