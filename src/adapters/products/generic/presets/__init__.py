"""Presets: the expressions that read the bodies of one product, a file each."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from adapters.products.generic.settings import GenericSource
from adapters.products.kit.settings import EXPRESSIONS, SettingFault, StateName
from domain.policy import Severity

FOLDER = Path(__file__).parent


class Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a file says: the `names` it goes by, its expressions, what the words of the product
    mean, and how it signs.
    """

    names: tuple[str, ...]
    envelope: Literal["sns"] | None = None
    signature_header: str | None = None
    alerts: str | None = None
    ignore: str | None = None
    key: str
    state: str
    title: str
    details: str | None = None
    severity: str | None = None
    service: str | None = None
    group: str | None = None
    labels: str | None = None
    at: str | None = None
    ended_at: str | None = None
    links: str | None = None
    states: dict[str, StateName] = {}
    severities: dict[str, Severity] = {}


@cache
def all_presets() -> dict[str, Preset]:
    """Each under its first name, in the order of these."""
    files = sorted(FOLDER.glob("*.toml"))
    found = [msgspec.convert(tomllib.loads(file.read_text()), Preset) for file in files]
    return {preset.names[0]: preset for preset in found}


@cache
def _by_plain_name() -> dict[str, Preset]:
    return {_plain(name): preset for preset in all_presets().values() for name in preset.names}


def named(name: str) -> Preset:
    """The preset of a name, whatever its case and hyphens. Raises `SettingFault`."""
    found = _by_plain_name().get(_plain(name))
    if found is None:
        raise SettingFault(f"preset: {name!r} is not one of {', '.join(all_presets())}")
    return found


def with_preset(settings: GenericSource, preset: Preset) -> GenericSource:
    """The settings, with what they leave out as the preset has it."""
    given = {
        field: own if (own := getattr(settings, field)) is not None else getattr(preset, field)
        for field in (*EXPRESSIONS, "signature_header")
    }
    return replace(
        settings,
        **given,
        states=preset.states | settings.states,
        severities=preset.severities | settings.severities,
    )


def _plain(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())
