"""The user's defaults, ``config.toml`` in the configuration folder; flags and ``STRESSTUI_*`` come before it."""

from pathlib import Path
from typing import Any, Final

from stresstui.files import text_named, why_shared
from stresstui.places import config_folder

OPTIONS: Final = {
    "theme": ("theme", str),
    "report_dir": ("report_dir", str),
    "interval": ("interval", str),
    "collector": ("collector", str),
    "ascii": ("ascii_only", bool),
    "mouse": ("mouse", bool),
    "bell": ("bell", str),
}
"""Keys of the file: the option's name in the program, and the type of its value."""


_ALERTS: Final = "alerts"


class ConfigError(ValueError):
    """A mistake in the file: one line with file, place and mend."""


def config_path() -> Path:
    """Where the file is looked for."""
    return config_folder() / "config.toml"


def read_config(path: Path) -> dict[str, Any]:
    """Read the defaults by option name; empty where there is no file. Raises ConfigError."""
    try:
        shared = why_shared(path)
        text = text_named(path)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); mend it, or move it away") from None
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from None
    if shared:
        raise ConfigError(f"{path}: not read: {shared.replace(' in ', ' to ')}; chmod go-w it, or chown it")
    import tomllib

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from None
    except RecursionError:
        raise ConfigError(f"{path}: nested too deep; no option needs more than one level") from None
    if _ALERTS in document:
        _check_alerts(path, document.pop(_ALERTS))
    return dict(_checked(path, text, key, value) for key, value in document.items())


def _check_alerts(path: Path, tables: Any) -> None:
    """Tables that have a reader of their own; only who has them pays for it."""
    from stresstui.alerts.settings import AlertError, parse_alerts

    try:
        parse_alerts(tables, path)
    except AlertError as error:
        raise ConfigError(str(error)) from None


def _checked(path: Path, text: str, key: str, value: Any) -> tuple[str, Any]:
    place = f"{path}:{_line_of(text, key)}"
    if key not in OPTIONS:
        from difflib import get_close_matches

        close = get_close_matches(key, OPTIONS, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"known are {', '.join(OPTIONS)}"
        raise ConfigError(f"{place}: unknown key '{key}'; {hint}")
    name, kind = OPTIONS[key]
    if not isinstance(value, kind):
        raise ConfigError(f"{place}: {key} is to be {'true or false' if kind is bool else 'text in quotes'}")
    return name, value


def _line_of(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if line.split("=")[0].strip().strip("[]\"'") == key:
            return number
    return 1
