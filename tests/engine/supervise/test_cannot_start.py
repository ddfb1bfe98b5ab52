"""Why a program could not be started, and what would mend it."""

import errno
import os
from pathlib import Path

import pytest

from stresstui.engine.supervise.cannot_start import cannot_execute


@pytest.mark.parametrize(
    ("name", "text", "mode", "number", "said"),
    [
        ("x.sh", "#!/bin/sh\n", 0o644, errno.EACCES, "Permission denied; chmod +x {0}, or name what runs it: sh {0}"),
        ("folder", None, 0o755, errno.EACCES, "Permission denied; it is a folder: name the program in it"),
        (
            "x.sh",
            "#!/opt/none/bin/python -u\n",
            0o755,
            errno.ENOENT,
            "its first line names /opt/none/bin/python, which",
        ),
        ("x", "echo\n", 0o755, errno.ENOEXEC, "Exec format error; a script begins with a line such as #!/bin/sh"),
        ("x", "", 0o755, errno.E2BIG, "Argument list too long"),
    ],
)
def test_what_is_said(tmp_path: Path, name: str, text: str | None, mode: int, number: int, said: str) -> None:
    path = tmp_path / name
    if text is None:
        path.mkdir()
    else:
        path.write_text(text)
        path.chmod(mode)
    found = cannot_execute([str(path)], OSError(number, os.strerror(number), str(path)))
    assert f"cannot start {path}: {said.format(path)}" in str(found)


def test_what_is_not_there() -> None:
    found = cannot_execute(["/opt/none"], FileNotFoundError(errno.ENOENT, "No such file or directory", "/opt/none"))
    assert str(found) == "not found: /opt/none"
