"""Starting, finding, asking and stopping runs, from any process."""

import contextlib
import os
import resource
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from stresstui.core.model.errors import UNREADABLE
from stresstui.engine.control.messages import Answer, Command
from stresstui.engine.control.registry import register
from stresstui.engine.control.socket import CONTROL, connect
from stresstui.engine.launch.request import (
    REQUEST_FOLLOWS,
    RevisionQuestion,
    RunRequest,
    complete,
    hand_over,
    save_request,
)
from stresstui.engine.process.pidfile import SupervisorWatch, supervisor_pid
from stresstui.files import make_folder, open_in_own
from stresstui.folder import JOURNAL, SUPERVISOR_LOG

REPORT_DIR: Final = "reports/stress-tests"
"""Where runs are kept, below the working directory, unless said otherwise."""

_ANSWER_S: Final = 5.0
_START_S: Final = 30.0
_TRY_S: Final = 0.005
_FILES_LEAST: Final = 64
"""Files that may have to be open at once: a supervisor that has no more ends without a verdict."""


class ControlError(OSError):
    """Raised when a run does not answer; its message is for people."""


class StartError(ControlError):
    """Raised when a run cannot be started; its message ends with the supervisor's last words."""


def start(
    request: RunRequest,
    entry: Sequence[str],
    report_dir: Path | None = None,
    *,
    examine: Callable[[RunRequest], RunRequest] = lambda request: request,
    meanwhile: Callable[[], object] = bool,
    revision: RevisionQuestion | None = None,
) -> Path:
    """Start a run in a supervisor of its own, ``entry`` with the run's directory behind it; return that directory.

    Returns when the supervisor answers; raises StartError with its last words when it ended before that, and OSError
    where no directory can be made. ``report_dir`` wins over the request's own. The supervisor loads while ``examine``
    adds to the request what is seen of the machine, and ``meanwhile`` is done while it gets ready; ``revision`` is for
    who has asked for it already.
    """
    _check_files()
    run_dir = _make_run_dir(Path(report_dir or request.report_dir or REPORT_DIR).absolute(), request.scenario.name)
    process, channel = _launch((*entry, str(run_dir)), run_dir)
    try:
        with channel:
            request = complete(examine(request), run_dir.name, revision)
            save_request(request, run_dir)
            register(run_dir)
            hand_over(request, channel)
    except BaseException:  # without its request it would end by itself; nobody has to wait for that
        process.kill()
        process.wait()
        raise
    try:
        meanwhile()
        return _answering(process, run_dir)
    except StartError:
        raise
    except BaseException:  # who is told that it could not be started expects no run to go on
        process.terminate()
        _reap_later(process)
        raise


def _check_files() -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if 0 <= most < _FILES_LEAST:  # -1 is no limit
        mend = f"allow it {_FILES_LEAST} at least, for example by ulimit -n 1024"
        raise StartError(f"no more than {most} files may be open at once; {mend}")


def _answering(process: subprocess.Popen[bytes], run_dir: Path) -> Path:
    """Wait until the supervisor answers; give the run's directory. Raises StartError."""
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if _answers(run_dir):
            _reap_later(process)
            return run_dir
        if process.poll() is not None:
            if _ran_already(run_dir):
                return run_dir
            raise StartError(f"the supervisor could not start: {last_words(run_dir / SUPERVISOR_LOG)}")
        time.sleep(_TRY_S)
    process.kill()
    process.wait()
    raise StartError(f"the supervisor did not answer within {_START_S:.0f} s: {last_words(run_dir / SUPERVISOR_LOG)}")


def _reap_later(process: subprocess.Popen[bytes]) -> None:
    """Have its exit status taken, or it stays in the process table for as long as this process lives."""
    threading.Thread(target=process.wait, name="supervisor", daemon=True).start()


def _make_run_dir(report_dir: Path, scenario: str) -> Path:
    """Make a directory that nobody else has, though two runs start in the same second."""
    make_folder(report_dir)
    name = f"{scenario}_{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    for suffix in ("", *(f"_{number}" for number in range(2, 1000))):
        with contextlib.suppress(FileExistsError):
            run_dir = report_dir / (name + suffix)
            run_dir.mkdir(mode=0o700)
            return run_dir
    raise StartError(f"no name is left for a run in {report_dir}")


def _launch(argv: Sequence[str], run_dir: Path) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start the supervisor; the request comes by its standard input, because no file is to have its secrets."""
    channel, theirs = socket.socketpair()
    channel.settimeout(_START_S)
    with os.fdopen(open_in_own(run_dir / SUPERVISOR_LOG, os.O_APPEND), "ab") as log, theirs:
        process = subprocess.Popen(
            argv, stdin=theirs.fileno(), stdout=log, stderr=log, env={**os.environ, REQUEST_FOLLOWS: "1"},
            start_new_session=True, close_fds=True,
        )  # fmt: skip
    return process, channel


def _answers(run_dir: Path) -> bool:
    try:
        status(run_dir)
    except ControlError:
        return False
    return True


def _ran_already(run_dir: Path) -> bool:
    """A run may be over before its supervisor was first asked: the end of its journal says so."""
    try:
        return b'"event":"ended"' in (run_dir / JOURNAL).read_bytes()[-1000:]
    except OSError:
        return False


def last_words(path: Path) -> str:
    """The last line of a text file, and where the rest is; that it says nothing where it does not."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        lines = []
    told = [line.strip() for line in lines if line.strip()]
    return f"{told[-1]} (more in {path})" if told else "it said nothing"


def ask(run_dir: Path, command: Command) -> Answer:
    """Send a command to a run's supervisor; raises ControlError when it refuses or does not answer."""
    try:
        with connect(run_dir, _ANSWER_S) as client, client.makefile("rwb") as stream:
            stream.write(msgspec.json.encode(command) + b"\n")
            stream.flush()
            answer = msgspec.json.decode(stream.readline(), type=Answer)
    except TimeoutError:
        why = f"did not answer in {_ANSWER_S:g} s; what was asked is withdrawn"
        raise ControlError(f"run {run_dir.name} {why}") from None
    except (OSError, *UNREADABLE) as error:
        why = str(getattr(error, "strerror", None) or error)
        raise ControlError(f"run {run_dir.name} does not answer: {why}") from error
    if not answer.ok:
        raise ControlError(f"run {run_dir.name}: {answer.error}")
    return answer


def status(run_dir: Path) -> Answer:
    """Ask how a run is; raises ControlError when it does not answer."""
    return ask(run_dir, Command("status"))


def stop(run_dir: Path, by: str = "user", reason: str = "") -> Answer:
    """Have a run end in good order; returns at once. Raises ControlError when it does not answer."""
    return ask(run_dir, Command("stop", by=by, reason=reason))


def finish(run_dir: Path, by: str = "user") -> Answer:
    """Have a run without a planned end cool down and end as planned; returns at once. Raises ControlError."""
    return ask(run_dir, Command("finish", by=by))


def stop_run(run_dir: Path, supervisor: SupervisorWatch, by: str = "user", reason: str = "") -> None:
    """Have a run end, by signal where its socket is gone; raises OSError when it cannot be reached."""
    try:
        stop(run_dir, by, reason)
    except ControlError:
        if (run_dir / CONTROL).exists():
            raise
        supervisor.terminate()


def note(run_dir: Path, text: str, by: str = "") -> Answer:
    """Write a note into a run's journal; raises ControlError when it does not answer."""
    return ask(run_dir, Command("note", by=by, text=text))


def burden(run_dir: Path, text: str, by: str, seconds: float | None, *, everything: bool = False) -> Answer:
    """Say what burdens a run, by whom and for how long at most (0 = it is over); raises ControlError."""
    return ask(run_dir, Command("burden", by=by, text=text, seconds=seconds, everything=everything))


def is_live(run_dir: Path) -> bool:
    """Say whether the supervisor of a run is alive."""
    return supervisor_pid(run_dir) is not None
