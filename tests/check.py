"""The one check that a person, pre-commit and CI run: ``python -m tests.check``; further words go to pytest."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

STEPS = (
    ("format", (BIN / "ruff", "format", "--check", "--quiet", ".")),
    ("lint", (BIN / "ruff", "check", "--quiet", ".")),
    ("types", (BIN / "mypy",)),
    ("layers", (BIN / "lint-imports",)),
)


def run(name: str, command: tuple[Path | str, ...]) -> bool:
    began = time.monotonic()
    print(f"== {name}", flush=True)
    status = subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode
    print(f"== {name}: {'ok' if status == 0 else f'FAILED ({status})'}, {time.monotonic() - began:.0f} s", flush=True)
    return status == 0


def main() -> int:
    if shutil.which("cargo") is None:
        print("== no cargo on this machine: the tests of the cargo runner are SKIPPED", flush=True)
    checks = [run(name, command) for name, command in STEPS]
    pytest = (sys.executable, "-m", "pytest", "-q", *sys.argv[1:])
    tests = run("tests", (*pytest, "-n", "2", "--dist", "loadfile", "--ignore", "tests/lab"))
    # The lab's proxies want both cores: what they do beside another test says little about them.
    lab = run("tests of the lab", (*pytest, "tests/lab"))
    return 0 if tests and lab and all(checks) else 1


if __name__ == "__main__":
    sys.exit(main())
