"""What to reconsider where somebody is said to have left: the roles that they have and keep."""

from collections.abc import Sequence
from itertools import groupby

from domain.kernel.remark import Remark
from domain.policy.role import HeldIn

NAMED_MOST = 20
"""So many incidents are named."""


def remark_on_roles(person: str, held: Sequence[HeldIn] | None) -> tuple[Remark, ...]:
    """Of the roles that a person has in open incidents, those of one incident in a row; None: that
    cannot be known just now.
    """
    if held is None:
        return (
            Remark(
                "person.roles_unknown",
                f"whether {person} has roles in open incidents cannot be said just now",
                "Look at the list of open incidents; whoever responds there is told.",
            ),
        )
    return (_keeps(person, held),) if held else ()


def _keeps(person: str, held: Sequence[HeldIn]) -> Remark:
    by_incident = [(ref, list(of)) for ref, of in groupby(held, key=lambda it: it.reference)]
    said = [
        f"{' and '.join(each.role.title for each in of)} in {ref}"
        for ref, of in by_incident[:NAMED_MOST]
    ]
    if rest := len(by_incident) - len(said):
        said.append(f"roles in {rest} more")
    return Remark(
        "person.has_roles",
        f"{person} has roles in open incidents, and keeps them: {', '.join(said)}",
        "hand_over_role gives a role to somebody who is there; whoever responds there is told that"
        " the directory has its holder as not active.",
    )
