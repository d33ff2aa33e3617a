"""What a product that sends us something exports as its `SOURCE`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import msgspec

from adapters.products.kit.beats import all_beats, beats_while_firing
from adapters.products.kit.route import RouteReply
from adapters.products.kit.settings import Source
from adapters.products.kit.shared_secret import shows_secret
from handlers.ingest.receive import InboundRequest
from handlers.ingest.reports import Translation, Translator


def as_it_came(_: Mapping[str, str], body: bytes) -> bytes:
    """What most products say is in the body alone."""
    return body


def untouched(body: bytes) -> bytes:
    """Most bodies hold no secret and are kept byte for byte."""
    return body


class Became(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a signal: it was `used` for these incidents, `ignored` by a rule or as there
    was nothing to end, `repeated` after the end of what it told of, `unwanted`, is `waiting` to be
    looked at again, or in quarantine. `flaws` could not be read as they were meant; `warnings` say
    whom no channel tells of what it has begun.
    """

    outcome: str
    incidents: tuple[str, ...] = ()
    reason: str | None = None
    flaws: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class SharedAddress(msgspec.Struct, frozen=True, kw_only=True):
    """`POST <path>` for all sources of a kind: the secret that is shown says which one it is.
    `unauthentic` is told to whom shows none of theirs. `form` is what comes in there, where bodies
    do not say so themselves: `whole` finds it in the header `FORM`.
    """

    path: str
    operation_id: str
    summary: str
    description: str
    unauthentic: str
    form: str = ""


class Signals(msgspec.Struct, frozen=True, kw_only=True):
    """How signals come by `POST /v1/signals/<source>`: `a` so-and-so in words, the bodies by media
    type, what the answers may be, and the answer to what is kept at a position, with what became of
    it, if that is known. `handshake`: its senders may ask first whether they are welcome.
    """

    a: str
    media: Mapping[str, Any]
    answers: tuple[type[msgspec.Struct], ...]
    answer: Callable[[Translation, int, Became | None], RouteReply]
    shared: tuple[SharedAddress, ...] = ()
    handshake: bool = False


class SourceKind(msgspec.Struct, frozen=True, kw_only=True):
    """One `kind` of `[sources.<name>]`: how it shows who it is, what its bodies say, and where they
    come in. `plausible`: whether a head whose body is still to be read may be an authentic
    sender's. `delivers` is an ordinary webhook in words (None: it has no route for them), `signals`
    how it signals. `in_query`: what it says may stand in the query of the address, by GET as well.
    `whole` makes one body of headers and body; `keepable` takes a secret out of a body,
    `kept_headers` are those of its own that are kept with it; `direct`: it may publish over NATS,
    past the receiver, so that it needs no secret and its source is checked later. `repeats_firing`:
    it says at intervals of what fires that it does, and may have a dead man's switch among that.
    `settings`: the keys of its own; `configure` makes of the kind what it is for a source with
    these, and raises `SettingFault` where they cannot be used.
    """

    kind: str
    translate: Translator
    authentic: Callable[[InboundRequest, Sequence[str]], bool] = shows_secret
    plausible: Callable[[InboundRequest, Sequence[str]], bool] = shows_secret
    delivers: str | None = None
    in_query: bool = False
    signals: Signals | None = None
    whole: Callable[[Mapping[str, str], bytes], bytes] = as_it_came
    keepable: Callable[[bytes], bytes] = untouched
    kept_headers: frozenset[str] = frozenset()
    direct: bool = False
    repeats_firing: bool = False
    settings: type[Source] = Source
    configure: Callable[[Any, Any], Any] | None = None

    def for_source(self, settings: object) -> Self:
        """The kind, as it is for a source with these settings. Raises `SettingFault`."""
        configured: Self = self.configure(self, settings) if self.configure else self
        if getattr(settings, "heartbeat", None) is None:
            return configured
        read = all_beats(self.kind)
        if self.repeats_firing:
            read = beats_while_firing(self.kind, configured.translate)
        return msgspec.structs.replace(configured, translate=read)
