"""Scenarios: found, read from TOML, checked, and handed on as values.

A scenario is a file; its name is the file's name. The first of these that has the name wins, and hides the others:

1. ``.stresstui/*.toml`` in the project under test, found upwards from the working directory
2. ``scenarios/*.toml`` in the user's configuration folder of stresstui
3. the ten built-in ones beside this text, which are the guide's
4. ``suite/*.toml`` beside them: the Rust project's own suite, which needs its workspace

``docs/scenarios.md`` shows what may stand in a file, key by key; the grammar of rules is in ``core.criteria.rule``.
A pack has only ``[metrics]``, ``[patterns]`` and ``[[criteria]]``. Every mistake is a ``ScenarioError`` of one line,
``FILE:LINE: what is wrong; the mend``.
"""

from stresstui.catalogue.error import ScenarioError
from stresstui.catalogue.find import (
    Entry,
    default_scenario,
    is_file,
    list_scenarios,
    load,
    load_file,
    locate_scenario,
    runners_of,
)

__all__ = [
    "Entry",
    "ScenarioError",
    "default_scenario",
    "is_file",
    "list_scenarios",
    "load",
    "load_file",
    "locate_scenario",
    "runners_of",
]
