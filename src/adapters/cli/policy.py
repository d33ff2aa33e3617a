"""Policies: what is in force, whether a file can be, and what it would change."""

from pathlib import Path

import msgspec
from cyclopts import App

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, connected
from adapters.config.policy_file import as_toml, differences, load_policy
from adapters.runtime.open_channels import reach_of
from adapters.runtime.state_file import service_in
from domain.directory.unfilled_tiers import tiers_of_nobody
from domain.kernel.roster import Roster
from domain.policy import DEFAULT


async def check(
    file: Path,
    *,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Say whether a policy file can be used, as which version events would record it, and who of
    those it names would hear of nothing, by the channels that are configured; where a service runs,
    also which tiers name nobody who is in its directory.
    """
    found = load_policy(file)
    changes = len(differences(DEFAULT, found))
    gaps = [*reach_of(options.load().channels).gaps(found)]
    nobody = [*tiers_of_nobody(found, await _roster(options))]
    if format == "json":
        tables.as_json(
            {"version": found.version, "differences": changes, "unreached": gaps, "tiers": nobody}
        )
        return
    differs = tables.count(changes, "difference")
    print(f"{file}: policy {found.version}, {differs} from {DEFAULT.version}")
    for gap in (*gaps, *nobody):
        print(f"warning: {gap}")


async def _roster(options: Options) -> Roster | None:
    """The directory of a service, where one runs."""
    config = options.load()
    if config.nats_url is None and service_in(Path(config.state)) is None:
        return None
    async with connected(options) as parts:
        return await parts.service.executor.rosters.now(fresh=True)


def show(
    file: Path | None = None,
    *,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Print the policy of a file, else the one in force, as TOML: that of the running service, else
    the configured one, else the built-in one.
    """
    found = load_policy(file) if file else options.policy()
    print(msgspec.json.encode(found).decode() if format == "json" else as_toml(found), end="")


def diff(
    new: Path,
    old: Path | None = None,
    *,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Print what a policy file would change, compared with another file or the one in force."""
    before = load_policy(old) if old else options.policy()
    found = differences(before, load_policy(new))
    if format == "json":
        tables.as_json([{"key": key, "old": was, "new": now} for key, was, now in found])
    else:
        tables.policy_differences(found)


GROUP = App(name="policy", help="The severity framework: matrix, clocks, escalation.")
GROUP.command(check)
GROUP.command(show)
GROUP.command(diff)
