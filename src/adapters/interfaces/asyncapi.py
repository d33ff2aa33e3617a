"""The AsyncAPI document: what can be sent to the service over NATS. Source: asyncapi.com, 3.0.0.

From the same structs as the OpenAPI document. Commands are requests with a reply; signals are
published and forgotten, or acknowledged by JetStream.
"""

import copy
from importlib import metadata
from inspect import cleandoc
from typing import Any

import msgspec

from adapters.interfaces.openapi import ProblemDocument
from adapters.products.cloudevents.translate import SignalEvent
from adapters.registry import REGISTRY, Registry
from domain.kernel.aggregate import AnyAggregate
from handlers.entrance.service import answer_type

Json = dict[str, Any]

HEADERS: Json = {
    "type": "object",
    "properties": {
        "Idempotency-Key": {
            "type": "string",
            "minLength": 1,
            "maxLength": 200,
            "description": "Repeating a request with the same key changes nothing.",
        },
        "Commandpost-Actor": {"type": "string", "maxLength": 200, "description": "Who acts."},
        "X-Correlation-ID": {"type": "string", "maxLength": 128},
    },
}
JSON = "application/json"


def document(registry: Registry = REGISTRY) -> Json:
    """The whole document, of all aggregates that the public may command."""
    public = registry.public
    kinds: list[Any] = [kind for each in public for kind in each.commands.values()]
    kinds += [SignalEvent, *map(answer_type, public), ProblemDocument]
    refs, schemas = msgspec.json.schema_components(
        kinds, ref_template="#/components/schemas/{name}"
    )
    ref_of = dict(zip(kinds, refs, strict=True))
    messages, channels = _fixed_messages(ref_of), _fixed_channels()
    operations: Json = {
        "signal": {
            "action": "receive",
            "summary": "Signal that something is wrong, seen to, or over.",
            "channel": {"$ref": "#/channels/signals"},
            "messages": [{"$ref": "#/channels/signals/messages/signal"}],
        }
    }
    for aggregate in public:
        answer = aggregate.qualified("answer")
        messages[answer] = {"contentType": JSON, "payload": ref_of[answer_type(aggregate)]}
        reply = aggregate.qualified("reply")
        channels[reply] = {"address": None, "messages": _named(answer, "problem")}
        for command, kind in aggregate.commands.items():
            required = command != aggregate.opening
            schema = ref_of[kind]["$ref"].rpartition("/")[2]
            schemas[schema] = _naming(schemas[schema], aggregate, required=required)
            name = aggregate.qualified(command)
            messages[name] = {
                "contentType": JSON,
                "headers": {"$ref": "#/components/schemas/CommandHeaders"},
                "payload": ref_of[kind],
            }
            channels[name] = {
                "address": f"commands.{aggregate.name}.{command}",
                "messages": _named(name),
            }
            operations[name] = _command(name, reply, cleandoc(kind.__doc__ or ""))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Commandpost",
            "version": metadata.version("commandpost"),
            "description": "What services send to Commandpost over NATS.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": JSON,
        "servers": {"nats": {"host": "127.0.0.1:4222", "protocol": "nats"}},
        "channels": _in_order(channels, "reply", "signals"),
        "operations": operations,
        "components": {
            "messages": _in_order(messages, "answer", "problem", "signal"),
            "schemas": {"CommandHeaders": HEADERS, **dict(sorted(schemas.items()))},
        },
    }


def _fixed_messages(ref_of: dict[Any, Any]) -> Json:
    return {
        "problem": {
            "contentType": JSON,
            "headers": {
                "type": "object",
                "properties": {"Commandpost-Error": {"type": "string"}},
                "required": ["Commandpost-Error"],
            },
            "payload": ref_of[ProblemDocument],
        },
        "signal": {
            "summary": "A CloudEvent; in binary mode its attributes are headers.",
            "contentType": "application/cloudevents+json",
            "headers": {
                "type": "object",
                "properties": {
                    "Nats-Msg-Id": {
                        "type": "string",
                        "description": "Within ten minutes the same id is stored once.",
                    }
                },
            },
            "payload": ref_of[SignalEvent],
        },
    }


def _fixed_channels() -> Json:
    return {
        "signals": {
            "address": "signals.{source}",
            "description": "A JetStream publish is acknowledged when the signal is stored.",
            "parameters": {
                "source": {"description": "A source of kind `cloudevents` in the configuration."}
            },
            "messages": _named("signal"),
        },
    }


def _named(*names: str) -> Json:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in names}


def _in_order(parts: Json, *first: str) -> Json:
    """What all share stands first."""
    return {name: parts[name] for name in (*first, *parts) if name in parts}


def _command(name: str, reply: str, summary: str) -> Json:
    return {
        "action": "receive",
        "summary": summary,
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        "reply": {
            "address": {
                "location": "$message.header#/reply",
                "description": "The reply subject of the request.",
            },
            "channel": {"$ref": f"#/channels/{reply}"},
        },
    }


def _naming(schema: Json, aggregate: AnyAggregate, *, required: bool) -> Json:
    """A command names what it is for in its body, since a subject has no place for it."""
    how = f"its id, or {aggregate.prefix}-123" if aggregate.prefix else "its id"
    described = {
        "type": "string",
        "description": f"The {aggregate.name} that the command is for: {how}.",
    }
    whole = copy.deepcopy(schema)
    whole["properties"] = {aggregate.name: described, **whole["properties"]}
    whole["required"] = [*([aggregate.name] if required else []), *whole.get("required", [])]
    return whole
