"""The one check that a person, pre-commit and CI run: ``python -m tests.check [--quick]``; further words go to pytest.

``--quick`` leaves the tests out. ``--coverage`` says besides how much of the branches the tests go through in their own
process: a supervisor, a lab and a command line that they start as a user would are not in that figure, which gates
nothing, and costs half as much time again.
"""

import os
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
PACKAGES = {"sshd": "openssh-server", "ip": "iproute2"}
"""Debian's packages of real peers that tests talk to, by the program that tells whether they are there."""
COVERAGE = ("--cov", "--cov-branch", "--cov-report=")


def run(name: str, command: tuple[Path | str, ...]) -> bool:
    began = time.monotonic()
    print(f"== {name}", flush=True)
    status = subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode
    print(f"== {name}: {'ok' if status == 0 else f'FAILED ({status})'}, {time.monotonic() - began:.0f} s", flush=True)
    return status == 0


def install_packages() -> None:
    """Install what is missing where that is possible; tests that lack it are skipped, and say so."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    missing = [package for program, package in PACKAGES.items() if shutil.which(program, path=path) is None]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (("apt-get", "update", "-qq"), ("apt-get", "install", "-y", "-qq", *missing)):
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        missing = [package for program, package in PACKAGES.items() if shutil.which(program, path=path) is None]
    if missing:
        print(f"== not installed: {', '.join(missing)}: the tests that need them are SKIPPED", flush=True)


def say_coverage() -> None:
    command = (sys.executable, "-m", "coverage", "report", "--format=total")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(f"== branch coverage in the tests' own process: {done.stdout.strip() or '?'} %", flush=True)


def run_tests(arguments: list[str], *, coverage: bool) -> bool:
    if shutil.which("cargo") is None:
        print("== no cargo on this machine: the tests of the cargo runner are SKIPPED", flush=True)
    install_packages()
    pytest = (sys.executable, "-m", "pytest", "-q", *arguments)
    if any(not word.startswith("-") for word in arguments):
        return run("tests", pytest)  # somebody named what to run
    traced = COVERAGE if coverage else ()
    tests = run("tests", (*pytest, *traced, "-n", "2", "--dist", "loadfile", "--ignore", "tests/lab"))
    if coverage:
        say_coverage()
    # The lab's proxies want both cores: what they do beside another test says little about them.
    return run("tests of the lab", (*pytest, "tests/lab")) and tests


def main(arguments: list[str]) -> int:
    checks = [run(name, command) for name, command in STEPS]
    words = [word for word in arguments if word not in ("--quick", "--coverage")]
    tests = "--quick" in arguments or run_tests(words, coverage="--coverage" in arguments)
    return 0 if tests and all(checks) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
