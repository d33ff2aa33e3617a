"""Who may see something that is private, and who asks.

A question is asked on behalf of a viewer. What a viewer may not see is answered as what is not
there: there is no third answer, which would tell.
"""

import msgspec


class Sight(msgspec.Struct, frozen=True):
    """Who sees something private: people, by slug or by the name of a principal, and whoever is in
    one of these teams as somebody asks.
    """

    people: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()

    def holds(self, readers: "Sight | None") -> bool:
        """Whether all of these readers may see it; nobody knows who reads what has none named."""
        if readers is None or not (readers.people or readers.teams):
            return False
        return set(readers.people) <= set(self.people) and set(readers.teams) <= set(self.teams)


class Viewer(msgspec.Struct, frozen=True):
    """On whose behalf something is asked: what one goes by, the teams that one is in now, and
    whether one sees `everything`. `name` is that of the principal, None: nobody in particular, or
    the service itself.
    """

    people: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    everything: bool = False
    name: str | None = None

    def sees(self, sight: Sight | None) -> bool:
        """Whether one may see what these may see; None: it is not private."""
        if sight is None or self.everything:
            return True
        return not (self.people.isdisjoint(sight.people) and self.teams.isdisjoint(sight.teams))


SERVICE = Viewer(everything=True)
"""The service itself: clocks, alerts and messages go on whatever is private. What is asked so is
told to nobody.
"""
PUBLIC = Viewer()
"""Nobody in particular: what such a viewer sees is for everybody."""
