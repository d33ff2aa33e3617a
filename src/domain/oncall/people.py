"""People of a schedule by the names that the directory has for them: a slug, or the name that was
given. `who` is the directory's word on a name, as far as it is at hand.
"""

from collections.abc import Callable, Iterable

from domain.kernel.roster import NameDoubt, Who
from domain.oncall.layer import Group

Asked = Callable[[str], Who]


def slug_or_name(who: Asked, name: str) -> str:
    """The slug of the one whom a name means, or the name as it was given."""
    return who(name).person or name


def doubted(people: Iterable[str], who: Asked, doubt: NameDoubt) -> Group:
    """Those of these people who are in this doubt."""
    return tuple(each for each in people if who(each).doubt is doubt)
