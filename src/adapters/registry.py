"""What the service is made of: all that is listed somewhere, in one value.

A test that tries something new adds it to a registry of its own.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from adapters.products.kit.products import Products
from adapters.products.registry import PRODUCTS
from domain.kernel.aggregate import AnyAggregate
from domain.policy import Policy
from domain.registry import AGGREGATES
from projections.projection import Projection
from projections.read_model import ReadModel
from projections.registry import read_models


@dataclass(frozen=True)
class Registry:
    """The aggregates and the products of a service, and read models beside those that each has."""

    aggregates: tuple[AnyAggregate, ...] = AGGREGATES
    more_read_models: tuple[ReadModel, ...] = ()
    products: Products = PRODUCTS

    def __post_init__(self) -> None:
        """Raises TypeError where two aggregates go by one name."""
        for what in ("name", "plural", "prefix"):
            names = [name for each in self.aggregates if (name := getattr(each, what))]
            if twice := {name for name in names if names.count(name) > 1}:
                raise TypeError(f"two aggregates have the {what} {', '.join(sorted(twice))}")

    @cached_property
    def read_models(self) -> tuple[ReadModel, ...]:
        """All read models, that of the outbox over these very aggregates."""
        return (*read_models(self.aggregates), *self.more_read_models)

    def projections(self, policy: Policy) -> tuple[Projection[Any], ...]:
        """Those of the read models, where this policy is in force."""
        return tuple(each.projection.by(policy) for each in self.read_models)

    @property
    def public(self) -> tuple[AnyAggregate, ...]:
        """The aggregates that the public may command."""
        return tuple(aggregate for aggregate in self.aggregates if aggregate.commands)

    @property
    def shown(self) -> frozenset[str]:
        """Aggregates that a read model shows; others are folded from the log for each answer."""
        return frozenset(
            shown.name
            for model in self.read_models
            for resource in model.resources
            if (shown := resource.shows)
        )


REGISTRY = Registry()
