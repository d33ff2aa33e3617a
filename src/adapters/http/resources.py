"""The routes that read models bring: `GET` of a resource, from its question alone."""

from collections.abc import Iterable, Iterator
from inspect import Parameter, Signature
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter

from adapters.http.links import link_to_next
from adapters.http.queries import MinPosition, Time
from adapters.interfaces.openapi import TIME, WHOLE
from handlers.entrance.service import Service
from handlers.queries.parameters import cut_of, is_time, words_of
from projections.read_model import ReadModel, Resource, Whole
from projections.table import required

PAGING = ("limit", "before", "after")


def resource_routes(catalog: Iterable[ReadModel]) -> list[HTTPRouteHandler]:
    """The routes of all resources of these read models."""
    return [resource_route(each) for model in catalog for each in model.resources]


def resource_route(resource: Resource) -> HTTPRouteHandler:
    """The route of one. The framework learns of parameters from a signature, so it is given the one
    that the question stands for; `opt` tells the document what it hands on as plain texts.
    """
    question, paging = resource.question, resource.paging

    async def answer(
        request: Request[Any, Any, Any],
        service: Service,
        ref: str | None = None,
        as_of: str | None = None,
        known_at: str | None = None,
        min_position: int | None = None,
        **given: Any,
    ) -> Any:
        cut = cut_of(as_of, known_at)
        page = await service.ask(
            resource, given, request.state.viewer, ref=ref, cut=cut, position=min_position
        )
        if paging is None or page.next is None:
            return Response(page.answer)
        return Response(page.answer, headers=link_to_next(request, paging.by, page.next))

    parameters = list(_parameters(resource))
    answers = resource.answers or list[question.answer]  # type: ignore[name-defined]
    answered: Any = Response[answers]  # type: ignore[valid-type]
    handler: Any = answer
    handler.__name__, handler.__doc__ = resource.operation_id, resource.description
    handler.__signature__ = Signature(parameters, return_annotation=answered)
    handler.__annotations__ = {each.name: each.annotation for each in parameters}
    handler.__annotations__["return"] = answered
    return get(
        resource.path.replace("{ref}", "{ref:str}"),
        operation_id=resource.operation_id,
        summary=resource.summary,
        tags=[resource.tag],
        opt={"parameters": dict(_schemas(resource))},
    )(handler)


def _parameters(resource: Resource) -> Iterator[Parameter]:
    yield _parameter("request", Request[Any, Any, Any])
    yield _parameter("service", NamedDependency[Service])
    if resource.about:
        yield _parameter("ref", FromPath[str])
    takes: Any = resource.question.takes
    kinds = get_type_hints(takes, include_extras=True)
    fields = [each for each in _fields(resource) if each.name not in PAGING]
    pages = [each for each in _fields(resource) if each.name in PAGING]
    yield from (_of_field(each, kinds[each.name]) for each in fields)
    if resource.look_back or resource.from_log:
        yield _parameter("as_of", Time, None)
        yield _parameter("known_at", Time, None)
    yield from (_of_field(each, kinds[each.name]) for each in pages)
    if resource.waits:
        yield _parameter("min_position", MinPosition, None)


def _fields(resource: Resource) -> Iterator[msgspec.structs.FieldInfo]:
    """The fields that stand in the query, not in the path."""
    fields = msgspec.structs.fields(resource.question.takes)  # type: ignore[arg-type]
    return (each for each in fields if not (resource.about and each.name == "id"))


def _parameter(name: str, kind: Any, default: Any = Parameter.empty) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _of_field(field: msgspec.structs.FieldInfo, kind: Any) -> Parameter:
    name = field.encode_name
    if is_time(field.type):
        return _parameter(
            field.name, Annotated[str | None, QueryParameter(name=name, required=False)], None
        )
    if words_of(field.type):
        return _parameter(
            field.name, Annotated[list[str] | None, QueryParameter(name=name, required=False)], None
        )
    default = Parameter.empty if field.required else field.default
    return _parameter(field.name, _annotated(kind, name, needed=field.required), default)


def _annotated(kind: Any, name: str, *, needed: bool) -> Any:
    """The type of a field with its limits, as the framework has them."""
    limits: dict[str, Any] = {"name": name} | ({} if needed else {"required": False})
    plain, null = required(kind)
    if get_origin(plain) is Annotated:
        plain, *metas = get_args(plain)
        for meta in metas:
            limits |= {"ge": meta.ge, "le": meta.le, "pattern": meta.pattern}
            limits |= {"min_length": meta.min_length, "max_length": meta.max_length}
    return Annotated[plain | None if null else plain, QueryParameter(**limits)]


def _schemas(resource: Resource) -> Iterator[tuple[str, Any]]:
    """What the parameters take that the framework does not know of."""
    for field in _fields(resource):
        kind, known = required(field.type)[0], words_of(field.type)
        if is_time(kind):
            yield field.encode_name, TIME
        elif known:
            words = {"enum": list(map(str, known.words))}
            several = {"type": "array", "items": words}
            yield field.encode_name, several if known.several else words
        elif kind == Whole:
            yield field.encode_name, WHOLE
