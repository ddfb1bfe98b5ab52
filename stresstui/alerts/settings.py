"""Whom to tell, and of what: the ``[[alerts]]`` tables of the user's config.toml.

[[alerts]]
name = "ops"
url = "https://example.org/hook"        # a JSON document is posted; or one of:
# apprise = "mailto://user:pass@host"   # whatever apprise reaches (extra "alerts")
# command = ["logger", "-t", "stresstui"]   # hears the text on standard input
# desktop = true                        # notify-send
on = ["breach", "recovery", "end", "lost"]
scenarios = ["ech_24h"]                 # all where it is left out
per_hour = 20
"""

import tomllib
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from stresstui.alerts.message import Kind
from stresstui.files import text_named, why_shared

KEY: Final = "alerts"
"""Name of the tables in the file."""
USUAL: Final = (Kind.BREACH, Kind.RECOVERY, Kind.END, Kind.LOST)
"""What is told where ``on`` does not say."""
_WAYS: Final = ("url", "apprise", "command", "desktop")


class AlertError(ValueError):
    """A mistake in an alert's table; the message says the mend."""


class Alert(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One receiver."""

    name: str = ""
    """What it is called in alerts.log and by ``alert test``."""
    url: str = ""
    """Where a JSON document is posted."""
    apprise: str = ""
    """A URL of apprise's."""
    command: tuple[str, ...] = ()
    """A program that hears the text on standard input."""
    desktop: bool = False
    """Whether the desktop shows it."""
    on: tuple[Kind, ...] = USUAL
    """What it is told of."""
    scenarios: tuple[str, ...] = ()
    """Whose runs; empty = all."""
    per_hour: int = 20
    """Messages an hour, at most; the end and the loss of a run come always."""
    quiet: float = 600.0
    """Seconds in which breaches of one criterion are told once."""

    def wants(self, scenario: str) -> bool:
        """Whether it is to hear of runs of a scenario."""
        return not self.scenarios or scenario in self.scenarios


def read_alerts(path: Path) -> list[Alert]:
    """The receivers in a configuration file, none where it is not there; raises AlertError."""
    try:
        text = text_named(path)
        shared = why_shared(path)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise AlertError(f"{path}: cannot be read ({error.strerror}); mend it, or move it away") from None
    except ValueError as error:
        raise AlertError(f"{path}: {error}") from None
    try:
        tables = tomllib.loads(text).get(KEY, [])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise AlertError(f"{path}: {error}") from None
    if tables and shared:
        raise AlertError(f"{path}: not read: {shared}; an alert may run a command: chmod go-w it, or chown it")
    return parse_alerts(tables, path)


def parse_alerts(tables: Any, path: Path) -> list[Alert]:
    """The receivers out of a parsed file; raises AlertError."""
    if not isinstance(tables, list):
        raise AlertError(f"{path}: [alerts] is to be [[alerts]], one table for each receiver")
    return [_alert(table, number, path) for number, table in enumerate(tables, 1)]


def _alert(table: Any, number: int, path: Path) -> Alert:
    place = f"{path}: alert {number}"
    try:
        alert = msgspec.convert(table, Alert)
    except msgspec.ValidationError as error:
        raise AlertError(f"{place}: {error}") from None
    ways = [way for way in _WAYS if getattr(alert, way)]
    if len(ways) != 1:
        found = f"has {' and '.join(ways)}" if ways else "has no way to tell anybody"
        raise AlertError(f"{place} {found}; give one of {', '.join(_WAYS)}")
    if alert.url and urlsplit(alert.url).scheme not in ("http", "https"):
        raise AlertError(f"{place}: url is to begin with http:// or https://; other services are reached with apprise")
    if alert.per_hour < 1 or alert.quiet < 0:
        raise AlertError(f"{place}: per_hour is to be 1 or more, and quiet not below 0")
    return msgspec.structs.replace(alert, name=alert.name or f"{ways[0]} {number}")
