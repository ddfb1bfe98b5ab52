"""Why a program could not be started, and what would mend it."""

import errno
import os
import shlex
from pathlib import Path

import pytest

from stresstui.engine.supervise.cannot_start import cannot_execute


@pytest.mark.parametrize(
    ("text", "mode", "number", "said"),
    [
        ("#!/bin/sh\n", 0o644, errno.EACCES, "Permission denied; chmod +x {0}, or name what runs it: sh {0}"),
        ("#!/opt/none/python -u\n", 0o755, errno.ENOENT, "its first line names /opt/none/python, which is not there"),
        (
            "#!/bin/sh\r\necho\r\n",
            0o755,
            errno.ENOENT,
            "names /bin/sh with a line end of Windows",
        ),
        ("echo\n", 0o755, errno.ENOEXEC, "Exec format error; a script begins with a line such as #!/bin/sh"),
        ("", 0o755, errno.E2BIG, "Argument list too long"),
    ],
)
def test_what_is_said(tmp_path: Path, text: str, mode: int, number: int, said: str) -> None:
    path = tmp_path / "x y.sh"
    path.write_bytes(text.encode())
    path.chmod(mode)
    found = cannot_execute([str(path)], OSError(number, os.strerror(number), str(path)))
    assert f"cannot start {path}: " in str(found)
    assert said.format(shlex.quote(str(path))) in str(found)


def test_a_folder_is_no_program(tmp_path: Path) -> None:
    error = PermissionError(errno.EACCES, "Permission denied")
    assert str(cannot_execute([str(tmp_path)], error)).endswith("it is a folder: name the program in it")


def test_what_is_not_there() -> None:
    found = cannot_execute(["/opt/none"], FileNotFoundError(errno.ENOENT, "No such file or directory", "/opt/none"))
    assert str(found) == "not found: /opt/none"


@pytest.mark.parametrize(
    ("argv", "mend"),
    [
        (["FOO=1", "sleep", "9"], "to set a variable, write env FOO=1 sleep 9"),
        (["cd", "/x y"], """only a shell knows it: write sh -c 'cd '"'"'/x y'"'"''"""),
        (["sleep 9"], "it is one word: leave its quotation marks out, or write sh -c 'sleep 9'"),
    ],
)
def test_what_was_written_as_for_a_shell(argv: list[str], mend: str) -> None:
    found = cannot_execute(argv, FileNotFoundError(errno.ENOENT, "No such file or directory", argv[0]))
    assert str(found) == f"not found: {argv[0]}; {mend}"
