"""Which scenarios a suite has: by its name, or from a file."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from stresstui.catalogue import is_file
from stresstui.files import text_named

if TYPE_CHECKING:
    from stresstui.core.model.scenario import Scenario

FULL_ENDURANCE: Final = "SB_STRESS_FULL_ENDURANCE"
"""Environment variable: 1 for the test of 24 hours in the suite ``endurance``."""
FEATURES: Final = "SB_STRESS_FEATURES"
"""Environment variable: the features of every cargo test, in place of the scenario's."""
_LEAKS: Final = ("suite_memory_leak", "suite_fd_leak")
_SHORT: Final = ("suite_short_baseline",)
_MEDIUM: Final = ("suite_connection_rate_baseline", "suite_large_transfer_baseline")
SUITES: Final[dict[str, tuple[str, ...]]] = {
    "short": (*_SHORT, *_LEAKS),
    "medium": (*_MEDIUM, *_LEAKS),
    "long": ("suite_resource_monitoring", *_LEAKS),
    "endurance": ("suite_resource_monitoring",),
    "all": (*_SHORT, *_MEDIUM, *_LEAKS),
}
"""The suites by name, as the Rust project's own script has them."""


class SuiteError(ValueError):
    """A suite that cannot be run: one line with the place and the mend."""


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    scenarios: list[str]


def scenarios_of(suite: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Names or files of the suite's scenarios in their order. Raises SuiteError."""
    if suite == "endurance" and environment.get(FULL_ENDURANCE) == "1":
        return ("suite_endurance_baseline",)
    return SUITES[suite] if suite in SUITES else _read(Path(suite))


def _read(path: Path) -> tuple[str, ...]:
    try:
        document = msgspec.convert(tomllib.loads(text_named(path)), _Document)
    except FileNotFoundError:
        raise SuiteError(f"'{path}' is neither a file nor one of {', '.join(SUITES)}") from None
    except OSError as error:
        raise SuiteError(f"{path}: cannot be read ({error.strerror}); name a file of scenarios") from None
    except (ValueError, RecursionError) as error:
        raise SuiteError(f'{path}: {error}; write scenarios = ["NAME", ...]') from None
    if not document.scenarios:
        raise SuiteError(f"{path}: scenarios is empty; name at least one")
    return tuple(str(path.parent / name) if is_file(name) else name for name in document.scenarios)


def with_features(scenario: "Scenario", environment: Mapping[str, str]) -> "Scenario":
    """The scenario with the features that the environment asks for."""
    asked = tuple(re.findall(r"[^\s,]+", environment.get(FEATURES, "")))
    if not asked or scenario.cargo is None:
        return scenario
    return msgspec.structs.replace(scenario, cargo=msgspec.structs.replace(scenario.cargo, features=asked))
