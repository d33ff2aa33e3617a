"""What is told of aggregates whose words are those of any, made up to try templates on."""

from collections.abc import Iterable, Iterator

from adapters.templates.sample_alerts import at
from domain.kernel.aggregate import AnyAggregate
from domain.notification.subject_context import SubjectContext
from domain.policy import Severity


def samples_of_subjects(
    aggregates: Iterable[AnyAggregate],
) -> Iterator[SubjectContext]:
    """Each kind that they tell to each audience, once with a reference and services, and once
    without.
    """
    for aggregate in aggregates:
        rules = aggregate.notifiables
        if rules is None:
            continue
        for audience, kinds in rules.heard.items():
            for kind in kinds:
                for known in (True, False):
                    yield SubjectContext(
                        audience=audience,
                        kind=kind,
                        at=at(0),
                        aggregate=aggregate.name,
                        reference=f"{aggregate.prefix}-7" if known and aggregate.prefix else None,
                        title="Payments",
                        services=("checkout", "payments") if known else (),
                        severity=Severity.SEV2,
                        text=kind.replace("_", " ").capitalize(),
                    )
