"""The house: its rooms, what each may load, what the wheel holds, and that the README's words are true."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = {"pyproject.toml", "stresstui", "tests", "themes", "README.md", "LICENSE", "CHANGELOG.md"}
SCREEN = ("textual", "rich", "plotext", "numpy")


def loaded_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import stresstui.supervise",
        "import stresstui.headless",
        "from stresstui.cli.commands.start import run, watch; from stresstui.cli.commands.live import attach",
        "import stresstui.lab.__main__",
    ],
)
def test_what_has_no_screen_loads_no_screen(statement: str) -> None:
    assert not loaded_by(statement) & set(SCREEN)


def test_the_supervisor_loads_nothing_that_hardly_any_run_needs() -> None:
    assert not loaded_by("import stresstui.supervise") & {"statistics", "random", "difflib", "shutil", "lzma"}


def test_the_supervisors_program_loads_no_cryptography_until_somebody_asks_for_it(tmp_path: Path) -> None:
    """OpenSSL is 4 MiB for as long as a run lasts. What switches garbage off while all that loads switches it on."""
    code = (
        "import gc, runpy, sys\n"
        "try:\n    runpy.run_module('stresstui.supervise', run_name='__main__')\n"
        "except SystemExit as left:\n"
        "    print(left.code, gc.isenabled(), 'asyncio' in sys.modules, '_ssl' in sys.modules)\n"
        "print('typing_extensions' in sys.modules)\n"
        "import ssl, typing_extensions\nprint(ssl.HAS_SNI)"
    )
    argv = [sys.executable, "-c", code, str(tmp_path / "no run")]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["70", "True", "True", "False", "False", "True"]


def test_what_starts_a_run_loads_nothing_that_takes_long_and_is_not_needed() -> None:
    code = (
        "import runpy, sys\nsys.argv = ['stresstui', '--help']\n"
        "try:\n    runpy.run_module('stresstui', run_name='__main__')\nexcept SystemExit:\n    pass\n"
        "print('msgspec' in sys.modules, 'typing_extensions' in sys.modules)\nimport typing_extensions"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "True False"


def test_who_prints_lines_loads_no_cryptography_until_somebody_asks_for_it() -> None:
    code = (
        "import sys\nfrom stresstui.cli.options import ShowOptions\nfrom stresstui.cli.show import load_view\n"
        "load_view(ShowOptions(headless=True))\nprint('asyncio' in sys.modules, '_ssl' in sys.modules)\n"
        "import ssl\nprint(ssl.HAS_SNI)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["True", "False", "True"]


def test_what_a_supervisor_loads_compiles_no_words_before_there_is_output() -> None:
    code = (
        "import stresstui.supervise, stresstui.report.html.page, sys\n"
        "from stresstui.engine.output import ended, gate, marks\n"
        "late = [gate._GATE, ended._MARKED, marks._ALL, *(mark.expression for mark in marks._BUILT_IN)]\n"
        "print(*{name for one in late for name in vars(one)}, 'importlib.resources' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["_make", "False"]


def test_the_package_itself_imports_nothing() -> None:
    assert not loaded_by("import stresstui") & {"msgspec", "click", "psutil", "asyncio", *SCREEN}


def test_core_needs_no_operating_system() -> None:
    found = loaded_by("import stresstui.core.run.fold, stresstui.core.criteria.rule, stresstui.core.growth")
    assert not found & {"asyncio", "subprocess", "socket", "psutil", *SCREEN}


def test_the_top_level_is_the_design_card() -> None:
    done = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        pytest.skip("not a git checkout")
    tops = {path.split("/")[0] for path in done.stdout.splitlines()}
    assert {top for top in tops if not top.startswith(".")} == TOP_LEVEL


def test_the_wheel_works_outside_the_checkout(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)],
        check=True,
        timeout=110,
    )
    (wheel,) = tmp_path.glob("stresstui-*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    assert (site / "stresstui/themes/dark.toml").is_file()
    elsewhere = os.environ | {"PYTHONPATH": str(site)}
    code = (
        "import stresstui, sys; assert stresstui.__file__.startswith(sys.argv[1]), stresstui.__file__\n"
        "from stresstui.catalogue import load, list_scenarios\n"
        "from stresstui.tui.themes import load_palettes\n"
        "origins = [entry.origin for entry in list_scenarios()]\n"
        "print(origins.count('built-in'), 'suite' in origins, load('ech_24h').lab.protocol, 'dark' in load_palettes())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(site)],
        capture_output=True, text=True, check=False, cwd=tmp_path, env=elsewhere,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.split() == ["10", "True", "ech", "True"]


def test_ci_runs_the_test_command_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"<!-- test command -->\n```sh\n(.*?)\n```", readme, re.DOTALL)
    assert command.startswith("python3 -m venv .venv")
    assert command.endswith("-m tests.check")
    assert "<!-- test command -->" in (ROOT / ".ci/run").read_text(encoding="utf-8")
