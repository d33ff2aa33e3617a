"""What is asked in one go is answered as if each had been asked by itself, to each viewer."""

from domain.incident import commands as c
from domain.incident.commands import PrivateTo
from domain.policy import Severity
from domain.sight import PUBLIC, SERVICE, Viewer
from projections.incident.board import BOARD, PRIVATE_INCIDENTS
from projections.incident.due import DUE, DUE_OF
from projections.incident.told import TOLD, WHO_WAS_TOLD
from projections.incident.untold import WHO_WAS_NOT_TOLD
from projections.outbox.intents import INTENTS
from support.delivery_harness import DeliveryHarness
from support.read_models import rows_of

SEEN, HIDDEN = (f"0197000{digit}-0000-7000-8000-000000000000" for digit in range(2))
ASKED = (DUE_OF, WHO_WAS_TOLD, WHO_WAS_NOT_TOLD)
GRACE = Viewer(people=frozenset({"grace"}), name="grace")


async def test_questions_that_are_asked_together_have_the_answers_of_each(fresh_database: str):
    harness = DeliveryHarness()
    await harness.run(SEEN, c.Declare(title="all", severity=Severity.SEV1))
    private = PrivateTo(people=("grace",))
    await harness.run(HIDDEN, c.Declare(title="few", severity=Severity.SEV1, private=private))
    async with rows_of(fresh_database, harness.store, DUE, TOLD, INTENTS) as (models, _):
        for viewer, due in ((SERVICE, {SEEN, HIDDEN}), (GRACE, {SEEN, HIDDEN}), (PUBLIC, {SEEN})):
            for ids in ((SEEN, HIDDEN), ()):
                each = [await models.ask(viewer, question, ids=ids) for question in ASKED]
                assert await models.ask_together(viewer, ASKED, ids=ids) == each
                assert {it.id for it in each[0]} == (due if ids else set())
        (single,) = await models.ask_together(SERVICE, ASKED[:1], ids=(SEEN,))
        assert single == await models.ask(SERVICE, DUE_OF, ids=(SEEN,))


async def test_what_is_private_is_asked_beside_them_for_the_service_itself(fresh_database: str):
    harness = DeliveryHarness()
    private = PrivateTo(people=("grace",))
    await harness.run(HIDDEN, c.Declare(title="few", severity=Severity.SEV1, private=private))
    async with rows_of(fresh_database, harness.store, BOARD, DUE) as (models, _):
        known = await models.ask(SERVICE, PRIVATE_INCIDENTS)
        assert [it.id for it in known] == [HIDDEN]
        for viewer in (PUBLIC, GRACE):
            due = await models.ask(viewer, DUE_OF, ids=(HIDDEN,))
            assert bool(due) is (viewer is GRACE)
            told = await models.ask_together(
                viewer, [DUE_OF], beside=PRIVATE_INCIDENTS, ids=(HIDDEN,)
            )
            assert told == [due, known]
