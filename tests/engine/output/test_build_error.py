# ruff: noqa: E501, ISC004 - a table: what compilers print, line by line
"""The first error of a build and its place, in the words of compilers; what follows it tells less."""

import pytest

from stresstui.core.derive.child import BUILD_ERROR
from stresstui.core.model.event import Matched
from stresstui.core.model.scenario import Scenario
from stresstui.engine.output.build_error import FirstError
from stresstui.engine.output.gate import look
from stresstui.engine.output.line_reader import LineReader

BUILDS = {
    "rustc": (
        "   Compiling soak v0.1.0\nerror[E0308]: mismatched types\n --> tests/stress.rs:1:36\n  |\n"
        "error[E0425]: cannot find value `x`\n --> src/lib.rs:9:1\nerror: could not compile `soak`\n",
        "error[E0308]: mismatched types (tests/stress.rs:1:36)",
    ),
    "rustc behind a log's error": (
        "error: cache server said no\nerror[E0308]: mismatched types\n --> tests/stress.rs:1:36\n",
        "error[E0308]: mismatched types (tests/stress.rs:1:36)",
    ),
    "cargo": (
        "error: no matching package named `nosuch` found\nlocation searched: crates.io index\n",
        "error: no matching package named `nosuch` found",
    ),
    "a build script": (
        "error: failed to run custom build command for `z v1`\n\nCaused by:\n  process didn't exit successfully\n",
        "error: failed to run custom build command for `z v1`",
    ),
    "C": (
        "a.c:3:1: warning: unused\na.c:4:1: error: unknown type name 'x'\nmake: *** [Makefile:2: all] Error 1\n",
        "a.c:4:1: error: unknown type name 'x'",
    ),
    "C, no header": ("a.c:1:10: fatal error: z.h: No such file or directory\n", "a.c:1:10: fatal error: z.h"),
    "Go": ("# soak\n./a_test.go:5:2: undefined: foo\nFAIL\tsoak [build failed]\n", "./a_test.go:5:2: undefined: foo"),
    "TypeScript": ("src/a.ts(3,5): error TS2322: Type 'string'\n", "src/a.ts(3,5): error TS2322: Type 'string'"),
    "TypeScript, pretty": ("src/a.ts:3:5 - error TS2322: Type 'x'\n", "src/a.ts:3:5 - error TS2322: Type 'x'"),
    "C#": ("P.cs(3,5): error CS0103: The name 'x' [/a.csproj]\n", "P.cs(3,5): error CS0103: The name 'x'"),
    "Maven": ("[ERROR] /a/A.java:[3,5] ';' expected\n", "[ERROR] /a/A.java:[3,5] ';' expected"),
    "Kotlin": ("e: file:///a/A.kt:3:5 Unresolved reference: x\n", "e: file:///a/A.kt:3:5 Unresolved reference: x"),
    "CMake": (
        'CMake Error at CMakeLists.txt:3 (find_package):\n  By not providing "FindZ.cmake"\n',
        'CMake Error at CMakeLists.txt:3 (find_package): By not providing "FindZ.cmake"',
    ),
    "a linker": (
        "/usr/bin/ld: a.o: in function `main':\na.c:(.text+0x5): undefined reference to `foo'\ncollect2: error: ld\n",
        "a.c:(.text+0x5): undefined reference to `foo'",
    ),
    "GHC": ("src/M.hs:3:5: error: [GHC-1]\n    Variable not in scope: x\n", "src/M.hs:3:5: error: [GHC-1] Variable not"),
    "pytest": (
        "________ ERROR collecting t.py ________\nTraceback:\nt.py:1: in <module>\n    import z\n"
        "z.py:2: in <module>\n    import nosuch\nE   ModuleNotFoundError: No module named 'nosuch'\n",
        "ModuleNotFoundError: No module named 'nosuch' (z.py:2)",
    ),
    "pytest, a source that is none": (
        "________ ERROR collecting t.py ________\n/v/_pytest/python.py:6: in _importtestmodule\n"
        'E     File "/srv/t.py", line 1\nE       def x(\nE            ^\nE   SyntaxError: never closed\n',
        "SyntaxError: never closed (/srv/t.py:1)",
    ),
    "a bundler": (
        '\u2718 [ERROR] Could not resolve "z"\n\n    src/a.ts:1:7:\n      1 | import z\n',
        '[ERROR] Could not resolve "z" (src/a.ts:1:7)',
    ),
    "behind a container's name": ("build-1  | a.c:4:1: error: unknown type name 'x'\n", "a.c:4:1: error: unknown"),
}  # fmt: skip


def first_of(text: str) -> str:
    reader = LineReader(Scenario(name="x"))
    found = [one for line in text.splitlines() for one in reader.read(1.0, line.encode())] + reader.finish(1.0)
    (said,) = [one.line for one in found if isinstance(one, Matched) and one.pattern == BUILD_ERROR] or [""]
    return said


@pytest.mark.parametrize("tool", BUILDS)
def test_the_first_error_is_told_with_its_place(tool: str) -> None:
    text, said = BUILDS[tool]
    assert said in first_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "no errors: all is well\n",
        "error: the relay answered late\n",
        "warning: unused variable\n --> src/a.rs:1:1\n",
        "2026/01/01 relay.go:12: accept error\n",
        "0 errors, 0 warnings\n",
    ],
)
def test_what_a_program_says_at_run_time_is_no_error_of_a_build(text: str) -> None:
    assert first_of(text) == ""


@pytest.mark.parametrize("name", ["Kotlin", "C"])
def test_an_error_behind_the_prefix_of_a_log_is_told(name: str) -> None:
    text, error = BUILDS[name]
    assert first_of("".join(f"web-1  | {line}\n" for line in text.splitlines())) == error


def test_of_a_tool_that_only_builds_an_error_without_a_place_is_told_too() -> None:
    first = FirstError()
    for line in ("error: no such option", "more of it"):
        first.read(look(line))
    assert first.so_far == "error: no such option"
