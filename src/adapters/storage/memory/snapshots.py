"""Snapshots in memory."""

from handlers.kernel.snapshots import Snapshot


class MemorySnapshots:
    """`handlers.kernel.snapshots.Snapshots`."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Snapshot] = {}

    async def find(self, kind: str, stream: str) -> Snapshot | None:
        return self.kept.get((kind, stream))

    def may_have(self, stream: str) -> bool:
        return any(known == stream for _, known in self.kept)

    def keep(self, kind: str, stream: str, snapshot: Snapshot) -> None:
        self.kept[kind, stream] = snapshot
