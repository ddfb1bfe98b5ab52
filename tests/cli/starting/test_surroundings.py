"""What must hold around any command, and what is said where it does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.collect.conftest import linux_only


@linux_only
@pytest.mark.parametrize("command", [("doctor",), ("run", "--headless", "--duration", "1s", "--", "true")])
def test_a_missing_proc_is_named_with_its_mend(command: tuple[str, ...], tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("may not make a namespace of mounts")
    code = 'mount -t tmpfs none /proc && exec "$0" -P -m stresstui "$@"'
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", code, sys.executable, *command],
        cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    if "mount:" in done.stderr:
        pytest.skip("may not hide /proc")
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.endswith("/proc says what processes do, and is not mounted: mount -t proc proc /proc\n")
