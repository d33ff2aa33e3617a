"""What decides which alerts become what, put together."""

from collections.abc import Callable
from datetime import datetime

from adapters.clock import new_id
from adapters.config.settings import Config
from adapters.storage.postgres.read_models import PostgresReadModels
from adapters.telemetry import Telemetry
from handlers.ingest.announced_work import AnnouncedWork
from handlers.ingest.route import Router
from handlers.ingest.storms import StormKeeper
from handlers.kernel.executor import Executor


def routed(
    executor: Executor,
    read_models: PostgresReadModels,
    config: Config,
    telemetry: Telemetry,
    now: Callable[[], datetime],
) -> Router:
    """By rules, silences and announced work, with storms held together."""
    policy = executor.policy
    storms = StormKeeper(executor, policy, config.sources, now, new_id)
    rules = AnnouncedWork(read_models, config.rulebook, now)
    return Router(executor, read_models, rules, policy, telemetry.tally, storms)
