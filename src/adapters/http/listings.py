"""The routes that read models bring: `GET` of a list, from the question alone."""

from collections.abc import Iterable
from inspect import Parameter, Signature
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from adapters.http.queries import MinPosition
from domain.kernel.refusal import Refused
from handlers.entrance.service import Service
from projections.read_model import Listing, ReadModel


def listing_routes(catalog: Iterable[ReadModel]) -> list[HTTPRouteHandler]:
    """The routes of all listings of these read models."""
    return [listing_route(listing) for model in catalog for listing in model.listings]


def listing_route(listing: Listing) -> HTTPRouteHandler:
    """The route that answers with a list. The framework learns of query parameters from a
    signature, so it is given the one that the question stands for.
    """
    question = listing.question

    async def answer(service: Service, **given: Any) -> Any:
        for name, value in given.items():
            if isinstance(value, str) and "\0" in value:
                rule = "text without the character NUL"
                raise Refused("query.invalid", f"{name} is {value!r}", field=name, rule=rule)
        await service.reach(question.of, given.pop("min_position", None))
        return await service.read_models.ask(question, **given)

    parameters = [
        Parameter("service", Parameter.KEYWORD_ONLY, annotation=NamedDependency[Service]),
        *_query_parameters(listing),
    ]
    answers = list[question.answer]  # type: ignore[name-defined]
    handler: Any = answer
    handler.__name__, handler.__doc__ = listing.operation_id, listing.description
    handler.__signature__ = Signature(parameters, return_annotation=answers)
    handler.__annotations__ = {each.name: each.annotation for each in parameters}
    handler.__annotations__["return"] = answers
    return get(listing.path, operation_id=listing.operation_id, tags=[listing.tag])(handler)


def _query_parameters(listing: Listing) -> list[Parameter]:
    takes: Any = listing.question.takes
    kinds = get_type_hints(takes, include_extras=True)
    found = [
        Parameter(
            field.name,
            Parameter.KEYWORD_ONLY,
            default=Parameter.empty if field.required else field.default,
            annotation=_annotated(kinds[field.name], required=field.required),
        )
        for field in msgspec.structs.fields(takes)
    ]
    if listing.waits:
        waits = Parameter(
            "min_position", Parameter.KEYWORD_ONLY, default=None, annotation=MinPosition
        )
        found.append(waits)
    return found


def _annotated(kind: Any, *, required: bool) -> Any:
    """The type of a field with its limits, as the framework has them."""
    limits: dict[str, Any] = {} if required else {"required": False}
    if get_origin(kind) is Annotated:
        kind, *metas = get_args(kind)
        for meta in metas:
            limits |= {"ge": meta.ge, "le": meta.le, "pattern": meta.pattern}
            limits |= {"min_length": meta.min_length, "max_length": meta.max_length}
    return Annotated[kind, QueryParameter(**limits)]
