"""``pytest --stresstui``: the test process and what it starts are watched and judged while the tests run.

A supervisor beside it does the work, asked through the command line. Where the option is absent nothing is done, and in
either case nothing of stresstui's own but ``itself`` is loaded into the process under test.
"""

import os
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

_NAME: Final = "stresstui-watch"
_WAIT_S: Final = 60.0
_DOWN: Final = ("breached", "failed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("stresstui", "watching the tests' own processes")
    group.addoption("--stresstui", action="store_true", help="Watch this process and what it starts, and judge them.")
    group.addoption("--stresstui-criteria", metavar="FILE", help="Scenario file whose criteria judge them.")
    group.addoption("--stresstui-report-dir", metavar="DIR", help="Folder in which it is recorded.")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to watch where that is asked for; a worker of pytest-xdist is watched with its controller."""
    if config.getoption("--stresstui") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Watch(config), _NAME)


class _Watch:
    """Watches from the first test to the last."""

    def __init__(self, config: pytest.Config) -> None:
        self._criteria = config.getoption("--stresstui-criteria")
        folder = config.getoption("--stresstui-report-dir")
        self._where = ("--report-dir", folder) if folder else ()
        self._run = ""
        self._lines: list[str] = []

    def pytest_sessionstart(self) -> None:
        """Have a supervisor of its own watch this process."""
        done = _stresstui("watch", "--pid", str(os.getpid()), "--detach", *self._where)
        if done.returncode:
            raise pytest.UsageError(f"--stresstui: {_last(done.stderr or done.stdout)}")
        self._run = done.stdout.partition(" ")[0]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """What is broken by now fails a session that was good otherwise."""
        if not self._run:
            return
        import json  # noqa: PLC0415 - nobody else pays for it

        more = ("--criteria", self._criteria) if self._criteria else ()
        done = _stresstui("judge", self._run, "--json", *more, *self._where)
        try:
            criteria: list[dict[str, Any]] = json.loads(done.stdout)["criteria"]
        except (ValueError, LookupError):
            self._lines = [f"not judged: {_last(done.stderr)}"]
            return
        down = [one for one in criteria if one["after"] in _DOWN]
        self._lines = [
            *(f"{'warning' if one['warning'] else 'FAILED'}: {one['title']}: {one['evidence']}" for one in down),
            f"{len(criteria) - len(down)} of {len(criteria)} criteria are not broken",
            f"the run ends with this process: stresstui judge {self._run}",
        ]
        if any(not one["warning"] for one in down) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: "TerminalReporter") -> None:
        """Say what is broken, and where the rest is."""
        if self._lines:
            terminalreporter.section("stresstui")
            for line in self._lines:
                terminalreporter.write_line(line)


def _stresstui(*words: str) -> Any:
    import subprocess  # noqa: PLC0415 - nobody else pays for it

    from stresstui import itself  # noqa: PLC0415

    environment = {**itself.environment(), "NO_COLOR": "1"}
    return subprocess.run(
        itself.module("stresstui", *words), capture_output=True, text=True, timeout=_WAIT_S, check=False,
        stdin=subprocess.DEVNULL, env=environment,
    )  # fmt: skip


def _last(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "stresstui said nothing"
