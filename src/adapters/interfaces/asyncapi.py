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
from domain.incident.commands import COMMANDS
from handlers.entrance.answers import Answer

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
INCIDENT: Json = {
    "type": "string",
    "description": "The incident that the command is for: its id, or INC-123.",
}
JSON = "application/json"


def document() -> Json:
    """The whole document."""
    kinds = [*COMMANDS.values(), SignalEvent, Answer, ProblemDocument]
    refs, schemas = msgspec.json.schema_components(
        kinds, ref_template="#/components/schemas/{name}"
    )
    for name, kind in COMMANDS.items():
        schemas[kind.__name__] = _with_incident(schemas[kind.__name__], required=name != "declare")
    schemas = dict(sorted(schemas.items()))
    ref_of = dict(zip(kinds, refs, strict=True))
    messages: Json = {
        "answer": {"contentType": JSON, "payload": ref_of[Answer]},
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
    channels: Json = {
        "reply": {
            "address": None,
            "messages": {
                name: {"$ref": f"#/components/messages/{name}"} for name in ("answer", "problem")
            },
        },
        "signals": {
            "address": "signals.{source}",
            "description": "A JetStream publish is acknowledged when the signal is stored.",
            "parameters": {
                "source": {"description": "A source of kind `cloudevents` in the configuration."}
            },
            "messages": {"signal": {"$ref": "#/components/messages/signal"}},
        },
    }
    operations: Json = {
        "signal": {
            "action": "receive",
            "summary": "Signal that something is wrong, seen to, or over.",
            "channel": {"$ref": "#/channels/signals"},
            "messages": [{"$ref": "#/channels/signals/messages/signal"}],
        }
    }
    for name, kind in COMMANDS.items():
        messages[name] = {
            "contentType": JSON,
            "headers": {"$ref": "#/components/schemas/CommandHeaders"},
            "payload": ref_of[kind],
        }
        channels[name] = {
            "address": f"commands.incident.{name}",
            "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        }
        operations[name] = _command(name, cleandoc(kind.__doc__ or ""))
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
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": {"CommandHeaders": HEADERS, **schemas}},
    }


def _command(name: str, summary: str) -> Json:
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
            "channel": {"$ref": "#/channels/reply"},
        },
    }


def _with_incident(schema: Json, *, required: bool) -> Json:
    """A command names the incident in its body, since a subject has no place for it."""
    whole = copy.deepcopy(schema)
    whole["properties"] = {"incident": INCIDENT, **whole["properties"]}
    whole["required"] = [*(["incident"] if required else []), *whole.get("required", [])]
    return whole
