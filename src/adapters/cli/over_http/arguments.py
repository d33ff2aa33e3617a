"""What every command takes: where it asks, as whom, and in which shape it answers."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn

from adapters.cli.over_http.failures import USAGE, CommandFailed
from adapters.cli.over_http.output import remark
from adapters.cli.over_http.place import Named
from adapters.cli.over_http.spoken_times import EXAMPLES, moment

LIST_SHAPES = ("table", "wide", "tsv", "json")
SERVERS = ("nats_url", "nats_admin_url", "database_url")


class Parser(argparse.ArgumentParser):
    """Fails as everything does: in one line, with exit status 2."""

    def __init__(self, name: str, help: str, **more: Any) -> None:  # noqa: A002
        super().__init__(
            prog=f"commandpost {name}",
            description=help,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **more,
        )
        self.name = name

    def error(self, message: str) -> NoReturn:
        """Raises `CommandFailed`."""
        raise CommandFailed(USAGE, f"{self.name}: {message}; see commandpost {self.name} --help")


def parser_of(name: str, help: str, shapes: Sequence[str] = LIST_SHAPES) -> Parser:  # noqa: A002
    """A parser with what every command takes; the first shape is the usual one."""
    parser = Parser(name, help)
    add_shapes(parser, shapes)
    where = parser.add_argument_group("where it asks (docs/command-line.md)")
    where.add_argument("--url", help="The service [COMMANDPOST_URL].")
    where.add_argument("--profile", help="A profile of your configuration [COMMANDPOST_PROFILE].")
    where.add_argument("--state", help="The state folder of a local service [.commandpost].")
    where.add_argument("--config", help="The TOML file of a local service [COMMANDPOST_CONFIG].")
    for name_ in SERVERS:
        where.add_argument(f"--{name_.replace('_', '-')}", help=argparse.SUPPRESS)
    return parser


def add_shapes(parser: argparse.ArgumentParser, shapes: Sequence[str]) -> None:
    """`-o SHAPE`, and `--format` as it was called first."""
    parser.add_argument(
        "-o",
        "--output",
        "--format",
        dest="shape",
        choices=shapes,
        default=shapes[0],
        help=f"{', '.join(shapes)} [{shapes[0]}].",
    )


def add_lookback(parser: argparse.ArgumentParser) -> None:
    """How far to look back."""
    parser.add_argument(
        "--as-of",
        type=time_read,
        metavar="TIME",
        help=f"Leave out what happened after this time, such as {EXAMPLES}.",
    )
    parser.add_argument(
        "--known-at",
        type=time_read,
        metavar="TIME",
        help="Leave out what was learnt after this time.",
    )


def add_actor(parser: argparse.ArgumentParser) -> None:
    """Who acts."""
    parser.add_argument("--actor", help="Who or what acts [whose token it is, else USER].")
    parser.add_argument("--key", help="Repeating it with the same key changes nothing.")


def named_in(given: argparse.Namespace) -> Named:
    """Where the flags say that the service is."""
    servers = any(getattr(given, name) for name in SERVERS)
    return Named(given.url, given.profile, given.state, given.config, servers)


def time_read(text: str) -> str:
    """A time as people write it. How it was read is said where that could be otherwise."""
    return moment(text, datetime.now().astimezone(), remark)  # noqa: TID251 - of this machine


def dashed(words: Sequence[str]) -> list[str]:
    """The same with options as they are called: `--early_reason` is `--early-reason`."""
    return [_dashed(word) if word.startswith("--") else word for word in words]


def _dashed(word: str) -> str:
    name, equals, value = word.partition("=")
    return f"{name.replace('_', '-')}{equals}{value}"


def words_of(given: Sequence[str] | None) -> list[str]:
    """What was given several times, or with commas."""
    return [word.strip() for each in given or () for word in each.split(",") if word.strip()]


def is_terminal() -> bool:
    """Whether a person reads along."""
    return sys.stdout.isatty()
