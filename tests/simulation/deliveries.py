"""Delivery workers over the same log, and a channel that takes messages without saying so."""

import asyncio
from collections import Counter

from adapters.storage.memory.outbox import MemoryIntents
from domain.notification import events as n
from domain.policy import DEFAULT
from handlers.kernel.ports import Unavailable
from handlers.kernel.transact import Transactor
from handlers.notify.channels import Permanent, Transient
from handlers.notify.render import Message, Renderer
from handlers.notify.worker import DeliveryDependencies, DeliveryWorker
from simulation.world import World
from support.delivery_harness import EVERYTHING, UNPACED, WORDS

ROUND_S = 20.0
LIVES_S = 3 * 3600.0


class FlakyChannel:
    """Refuses, is slow, or takes a message and breaks off before it says so."""

    name = "ops"

    def __init__(self, world: World) -> None:
        self.taken: Counter[str] = Counter()
        self._world = world

    async def send(self, message: Message, *, again: bool = False) -> str:
        dice = self._world.dice
        await asyncio.sleep(dice.random.uniform(0.0, 0.3))
        if dice.hit(0.05, "message refused for now"):
            raise Transient("busy", dice.random.choice([None, 30.0]))
        if dice.hit(0.01, "message refused for good"):
            raise Permanent("no such room")
        self.taken[message.intent.id] += 1
        if dice.hit(0.02, "receipt lost"):
            raise Transient("connection lost")
        if dice.hit(0.01, "receipt too late"):
            await asyncio.sleep(120.0)
        return "taken"


class Deliveries:
    """Two workers on one channel; each stops now and then, and another takes over."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.channel = FlakyChannel(world)
        self.results: Counter[str] = Counter()

    def delivery(self, _channel: str, result: str, _age_s: float) -> None:
        self.results[result] += 1

    async def deliver(self) -> None:
        """One of the workers, and its successors."""
        world = self.world
        while True:
            worker = asyncio.create_task(self._rounds(self._worker()))
            await asyncio.sleep(world.dice.after_s(LIVES_S))
            world.dice.faults["worker stopped"] += 1
            worker.cancel()
            await asyncio.wait([worker])

    def _worker(self) -> DeliveryWorker:
        world = self.world
        dependencies = DeliveryDependencies(
            store=world.log,
            transactor=Transactor(world.log, world.now, DEFAULT),
            intents=MemoryIntents(world.log),
            renderer=Renderer(world.log, WORDS, DEFAULT),
            clock=world.now,
            new_id=lambda: f"ledger-{next(world.ids)}",
            chance=world.dice.random.random,
            observer=self,
        )
        return DeliveryWorker(self.channel, EVERYTHING, dependencies, UNPACED)

    async def _rounds(self, worker: DeliveryWorker) -> None:
        seen = -1
        while True:
            try:
                position = await self.world.log.head()
                if position != seen or self.world.dice.random.random() < 0.1:
                    await worker.step()
                    seen = position
            except Unavailable:
                seen = -1
            await asyncio.sleep(self.world.dice.after_s(ROUND_S))

    def judge(self) -> list[str]:
        """What is wrong: only what was claimed goes out, and nothing once it was delivered."""
        attempts: Counter[str] = Counter()
        delivered: set[str] = set()
        found = []
        for recorded in self.world.log.commits():
            for event in recorded.commit.events:
                intent = getattr(event, "intent_id", "")
                if isinstance(event, n.NotificationAttempted):
                    attempts[intent] += 1
                    if event.attempt != attempts[intent]:
                        found.append(
                            f"attempt {event.attempt} of {intent} is no. {attempts[intent]}"
                        )
                    if intent in delivered:
                        found.append(f"{intent} was tried again after it was delivered")
                if isinstance(event, n.NotificationDelivered):
                    if intent in delivered:
                        found.append(f"{intent} was delivered twice")
                    delivered.add(intent)
        for intent, times in self.channel.taken.items():
            if times > attempts[intent]:
                found.append(f"{intent} went out {times} times, claimed {attempts[intent]} times")
        return found
