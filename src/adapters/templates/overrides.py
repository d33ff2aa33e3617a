"""Templates of an operator: the files of one folder, read when the service starts."""

from collections.abc import Callable
from pathlib import Path

from adapters.config.settings import ConfigFault, TemplateSettings
from adapters.templates.engine import SUFFIX, Templates


def open_templates(
    settings: TemplateSettings, on_fault: Callable[[str], None] = lambda _: None
) -> Templates:
    """The built-in templates, and those of the configured folder. What is wrong with one of them
    stops nothing; only a folder that is not there raises `ConfigFault`.
    """
    if settings.folder is None:
        return Templates(on_fault=on_fault)
    folder = Path(settings.folder)
    try:
        found = {
            path.name: path.read_text(encoding="utf-8", errors="replace")
            for path in sorted(folder.iterdir())
            if path.suffix == SUFFIX
        }
    except OSError as error:
        raise ConfigFault(f"templates.folder: cannot read {folder}: {error.strerror}") from error
    return Templates(found, on_fault)
