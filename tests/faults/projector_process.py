"""A process that projects until it is killed; run by the tests beside it.

Usage: python projector_process.py NATS_URL DATABASE_URL PAUSE_S. Prints `ready` when it begins;
PAUSE_S slows down each write, so that a kill finds one under way.
"""

import asyncio
import sys

from adapters.storage.codec import Codec
from adapters.storage.nats.connection import connect
from adapters.storage.nats.event_store import open_store
from adapters.storage.nats.requests import Requests
from adapters.storage.postgres.pool import open_pool
from adapters.storage.postgres.projectors import Projectors
from adapters.storage.postgres.rows import PostgresRows
from handlers.projecting.folder import Changes
from handlers.projecting.projector import Place
from support.read_models import CATALOG, Erased, Moved, Said


async def main(nats_url: str, database_url: str, pause_s: float) -> None:
    write = PostgresRows.write

    async def slow(
        self: PostgresRows, place: Place, changes: Changes, position: int, mark: str = ""
    ) -> Place:
        await asyncio.sleep(pause_s)
        return await write(self, place, changes, position, mark)

    PostgresRows.write = slow  # type: ignore[method-assign]
    requests = await Requests(await connect(nats_url), timeout_s=1.0).start()
    store = await open_store(requests, Codec(Said | Erased | Moved, {}))
    models = Projectors(database_url, await open_pool(database_url), store, CATALOG)
    await models.prepare()
    print("ready", flush=True)
    await models.run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
