"""Policies: what is in force, whether a file can be, and what it would change."""

from pathlib import Path

import msgspec
from cyclopts import App

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options
from adapters.config.policy_file import as_toml, differences, load_policy
from adapters.runtime.open_channels import reach_of
from domain.policy import DEFAULT


def check(
    file: Path,
    *,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Say whether a policy file can be used, as which version events would record it, and who of
    those it names would hear of nothing, by the channels that are configured.
    """
    found = load_policy(file)
    changes = len(differences(DEFAULT, found))
    gaps = [*reach_of(options.load().channels).gaps(found)]
    if format == "json":
        tables.as_json({"version": found.version, "differences": changes, "unreached": gaps})
        return
    print(f"{file}: policy {found.version}, {changes} differences from {DEFAULT.version}")
    for gap in gaps:
        print(f"warning: {gap}")


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
