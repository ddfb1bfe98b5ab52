import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from stresstui.engine.process.pidfile import PID_FILE, SupervisorWatch, supervisor_pid

SUPERVISOR = """
import sys
from pathlib import Path
from stresstui.engine.process.pidfile import write_pid_file
write_pid_file(Path(sys.argv[1]))
print("written", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has written the file, and lives until it is killed."""
    argv = (sys.executable, "-c", SUPERVISOR, str(tmp_path))
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        yield process
        process.kill()


def seen_from(folder: Path, **elsewhere: object) -> None:
    """Have the file say what one of another place says, in the same file: it stays locked."""
    with (folder / PID_FILE).open("r+b") as file:
        told = msgspec.json.decode(file.read()) | elsewhere
        file.seek(0)
        file.truncate()
        file.write(msgspec.json.encode(told))


@pytest.mark.parametrize(
    "elsewhere",
    [{"namespace": 7}, {"namespace": 7, "pid": 1}, {"boot": "another"}],
    ids=["another namespace", "a pid that is somebody else's here", "another machine"],
)
def test_a_supervisor_elsewhere_lives_as_long_as_it_holds_its_file(
    supervisor: subprocess.Popen[bytes], tmp_path: Path, elsewhere: dict[str, object]
) -> None:
    seen_from(tmp_path, **elsewhere)
    watch = SupervisorWatch(tmp_path)
    assert watch.lives()
    assert supervisor_pid(tmp_path) is not None
    assert watch.open_end() == -1
    with pytest.raises(ProcessLookupError, match="another container or on another machine"):
        watch.terminate()
    supervisor.kill()
    supervisor.wait()
    assert not watch.lives()
    assert supervisor_pid(tmp_path) is None


def test_a_supervisor_of_here_is_known_by_its_pid(supervisor: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert supervisor_pid(tmp_path) == supervisor.pid
    seen_from(tmp_path, started=1.0)
    assert supervisor_pid(tmp_path) is None
