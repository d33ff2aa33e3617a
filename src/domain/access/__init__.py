"""Access: who may do what, the tokens by which they are known, and rights taken in an emergency."""

from domain.access.events import EVENTS, AccessEvent
from domain.access.tokens import AccessCommand, Register, decide, evolve
from domain.kernel.aggregate import Aggregate, Samples
from domain.kernel.decider import Decider
from domain.kernel.totality import kinds

__all__ = ["ACCESS", "REGISTER"]

REGISTER = "register"
"""The one register that there is."""


def _samples() -> Samples[AccessCommand, AccessEvent]:
    from domain.access.samples import SAMPLES  # noqa: PLC0415 - for documents and tests

    return SAMPLES


ACCESS: Aggregate[AccessCommand, Register, AccessEvent] = Aggregate(
    name="access",
    plural="access",
    decider=Decider(initial=Register(), decide=decide, evolve=evolve),
    events=EVENTS,
    begin=EVENTS,
    opens=kinds(AccessCommand),
    samples=_samples,
    over_gaps=True,
)
"""The register, whose id is `REGISTER`: one stream, so that one read says who is known."""
