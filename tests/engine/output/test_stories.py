# ruff: noqa: E501 - a table: what is printed, line by line
"""Several lines of one end are one, whichever comes first; as many ends are as many."""

import json

import pytest

from stresstui.core.derive.child import Facts
from stresstui.core.model.event import Matched, ProcessKnown
from stresstui.core.model.sample import Role
from stresstui.core.model.scenario import Scenario
from stresstui.engine.output.crash import Crashed
from stresstui.engine.output.line_reader import LineReader


def counted(text: str, pause: float = 0.0) -> tuple[int, int]:
    """Crashes, and what ran out."""
    reader, facts, t = LineReader(Scenario(name="x")), Facts(), 1.0
    found = []
    for line in text.split("\n"):
        found += [(t, one) for one in reader.read(t, line.encode())]
        t += pause
    found += [(t, one) for one in (*reader.tick(t + 20), *reader.finish(t + 20))]
    for at, one in found:
        if isinstance(one, Matched):
            facts.match(one)
        elif isinstance(one, Crashed):
            facts.note_process(ProcessKnown(at, 0, Role.SUT, "p", "ended", f"killed by {one.signal}"))
    counts = facts.counters()
    return int(counts["crashes"]), int(counts["oom_errors"])


STORIES = {
    "a test of pytest's without memory": ("E       MemoryError\n\ntest_mem.py:2: MemoryError\nFAILED test_mem.py::test_b - MemoryError", (0, 1)),
    "what Windows' log says of one": ("Faulting application name: relay.exe, version: 1.0\nException code: 0xc0000005", (1, 0)),
    "a panic in a destructor": ("thread 'a' (7) panicked at src/a.rs:1:1:\nfirst\nthread 'a' (7) panicked at src/a.rs:2:1:\nsecond\nthread 'a' (7) panicked at library/core/src/panicking.rs:233:5:\npanic in a destructor during cleanup\nthread caused non-unwinding panic. aborting.", (2, 0)),
    "what Rust's library asks for": ("thread 'a' panicked at library/core/src/panicking.rs:218:5:\nunsafe precondition(s) violated: x\nthread caused non-unwinding panic. aborting.", (1, 0)),
    "a panic that is raised again": ("panic: lost [recovered]\n\tpanic: lost\n\ngoroutine 5 [running]:", (1, 0)),
    "a panic logged and raised": ('level=panic msg="lost"\npanic: lost\n\ngoroutine 1 [running]:', (1, 0)),
    "a panic that a controller observed": ('E1 runtime.go:79] Observed a panic: "lost"\npanic: lost [recovered]\n\tpanic: lost', (1, 0)),
    "two panics of two connections": ("http: panic serving 127.0.0.1:1: lost\nhttp2: panic serving 127.0.0.1:2: lost", (2, 0)),
    "a panic that only a middleware logs": ('level=error msg="panic" error="runtime error: index out of range [3] with length 3"', (1, 0)),
    "a stack of goroutines": ("runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow", (1, 0)),
    "no memory for Go": ("runtime: out of memory: cannot allocate 4096-byte block (1 in use)\nfatal error: out of memory", (1, 1)),
    "a task and its joiner": ("thread 'tokio-runtime-worker' (9) panicked at src/a.rs:3:5:\nlost\nError: JoinError::Panic(Id(4), ...)", (1, 0)),
    "a hook and the default one": ("ERROR relay: panicked at src/a.rs:3:5:\nthread 'w' panicked at src/a.rs:3:5:", (1, 0)),
    "two threads": ("thread 'a' panicked at src/a.rs:3:5:\nthread 'b' panicked at src/a.rs:3:5:", (2, 0)),
    "a stack of Rust's": ("thread 'main' has overflowed its stack\nfatal runtime error: stack overflow, aborting\nAborted (core dumped)", (1, 0)),
    "an exception and its cause": ('Exception in thread "w" java.lang.IllegalStateException: x\n\tat a.B.c(B.java:1)\nCaused by: java.lang.StackOverflowError\n\t... 9 more', (1, 0)),
    "causes of causes": ('Exception in thread "w" java.util.concurrent.ExecutionException: java.lang.OutOfMemoryError: heap\nCaused by: java.lang.RuntimeException: java.lang.OutOfMemoryError: heap\nCaused by: java.lang.OutOfMemoryError: heap', (1, 1)),
    "two heaps": ("java.lang.OutOfMemoryError: Java heap space\njava.lang.OutOfMemoryError: Java heap space", (0, 2)),
    "HotSpot": ("# A fatal error has been detected by the Java Runtime Environment:\n#\n#  SIGSEGV (0xb) at pc=0x1, pid=1, tid=2\nAborted (core dumped)", (1, 0)),
    "a sanitizer": ("==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1\nSUMMARY: AddressSanitizer: heap-buffer-overflow a.c:3 in main\n==7==ABORTING", (1, 0)),
    "two races": ("WARNING: ThreadSanitizer: data race (pid=7)\nSUMMARY: ThreadSanitizer: data race a.c:3\nWARNING: ThreadSanitizer: data race (pid=7)\nSUMMARY: ThreadSanitizer: data race a.c:4", (2, 0)),
    "an assertion, the shell and make": ("a: a.c:3: main: Assertion `x' failed.\nsh: line 1:    12 Aborted                 (core dumped) ./a\nmake: *** [Makefile:2: t] Error 134", (1, 0)),
    "two that the shell saw": ("sh: line 1:    12 Segmentation fault      ./a\nsh: line 2:    13 Segmentation fault      ./a", (2, 0)),
    "two signals": ("sh: line 1:    12 Segmentation fault      ./a\nAborted (core dumped)", (2, 0)),
    "a unit of systemd's": ("systemd[1]: a.service: Main process exited, code=dumped, status=11/SEGV\nsystemd[1]: a.service: Failed with result 'core-dump'.\nsystemd-coredump[9]: Process 8 (a) of user 0 dumped core.", (1, 0)),
    "a unit without memory": ("systemd[1]: a.service: A process of this unit has been killed by the OOM killer.\nsystemd[1]: a.service: Failed with result 'oom-kill'.", (0, 1)),
    "the kernel's three lines": ("a invoked oom-killer: gfp_mask=0x1\noom-kill:constraint=CONSTRAINT_MEMCG,task=a,pid=9\nMemory cgroup out of memory: Killed process 9 (a)", (0, 1)),
    "a worker of xdist": ("[gw1] node down: Not properly terminated\nreplacing crashed worker gw1\nworker 'gw1' crashed while running 'test_a.py::t'", (1, 0)),
    "two workers of xdist": ("[gw1] node down: Not properly terminated\n[gw2] node down: Not properly terminated", (2, 0)),
    "Node": ("node:events:497\n      throw er; // Unhandled 'error' event\n      ^\n\nError: lost\n    at x (/a.js:1:1)\n\nNode.js v20.1.0", (1, 0)),
    "Node's rejection": ("    triggerUncaughtException(err, true /* fromPromise */);\n            ^\n\n[UnhandledPromiseRejection: This error originated\n    at x (/a.js:1:1)\n\nNode.js v20.1.0", (1, 0)),
    "Bun": ("panic(main thread): Segmentation fault at address 0x10\noh no: Bun has crashed. This indicates a bug in Bun, not your code.", (1, 0)),
    "Deno": ("Deno has panicked. This is a bug in Deno.\nthread 'main' panicked at cli/a.rs:1:1:", (1, 0)),
    "an own handler": ("*** Aborted at 17 (unix time) try date\n*** SIGSEGV (@0x0) received by PID 9; stack trace: ***\nSegmentation fault (core dumped)", (1, 0)),
    "no memory for C++": ("terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\nAborted (core dumped)", (1, 1)),
    "a chain of exceptions": ("OSError: [Errno 24] Too many open files\n\nDuring handling of the above exception, another exception occurred:\n\npool.NewConnectionError: a connection: [Errno 24] Too many open files", (0, 1)),
    "the same exception twice": ("OSError: [Errno 24] Too many open files\nOSError: [Errno 24] Too many open files", (0, 2)),
    "GenServer": ("[error] GenServer :pool terminating\n** (RuntimeError) lost\n    (a 0.1.0) lib/a.ex:3: A.f/1", (1, 0)),
    "valgrind": ("==9== Invalid read of size 4\n==9== Invalid write of size 4\n==9== ERROR SUMMARY: 2 errors from 2 contexts", (2, 0)),
    "MPI": ("[n1:9] *** Process received signal ***\n[n1:9] Signal: Segmentation fault (11)\nmpirun noticed that process rank 1 exited on signal 11 (Segmentation fault).", (1, 0)),
    "no thread for the JVM": ('[ERROR] unable to create native thread: possibly out of memory\nException in thread "main" java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory', (1, 1)),
    "HotSpot told to crash": ("# A fatal error has been detected by the Java Runtime Environment:\n#\n#  Internal Error (debug.cpp:1), pid=1, tid=2\n#  fatal error: OutOfMemory encountered: Java heap space", (1, 0)),
    "PHP's log and its page": ("PHP Fatal error:  Uncaught TypeError: x in /a.php:3\nFatal error: Uncaught TypeError: x in /a.php:3", (1, 0)),
    "npm's lines": ("npm error code 139\nnpm error command failed\nnpm error signal SIGSEGV", (1, 0)),
    "three dumps": ("systemd-coredump[1]: Process 7 (a) of user 0 terminated abnormally with signal 6/ABRT, processing...\nsystemd-coredump[2]: Process 8 (b) of user 0 terminated abnormally with signal 6/ABRT, processing...\nsystemd-coredump[1]: Process 7 (a) of user 0 dumped core.", (2, 0)),
    "go test -json": ('{"Action":"output","Package":"x","Output":"panic: lost [recovered]\\n"}\n{"Action":"output","Package":"x","Output":"\\tpanic: lost\\n"}', (1, 0)),
    "Node's value": ("node:internal/process/promises:288\n            triggerUncaughtException(err, true /* fromPromise */);\n            ^\n\n[UnhandledPromiseRejection: This error originated] {\n}\n\nNode.js v20.1.0", (1, 0)),
    "an older Node": ("child_process.js:935\n    throw errnoException(process._errno, 'spawn');\n          ^\nError: spawn EMFILE\n    at x (/a.js:1:1)", (1, 1)),
    "a process that two lines name": ("!!! process 4711 got Segmentation Fault !!!\nworker 1 (pid: 4711) died, killed by signal 11", (1, 0)),
    "two processes": ("worker 1 (pid: 4711) died, killed by signal 11\nworker 1 (pid: 4712) died, killed by signal 11", (2, 0)),
    "one pid that dies over and over": ("worker 1 (pid: 4711) died, killed by signal 11\nworker 1 (pid: 4711) died, killed by signal 11", (2, 0)),
    "a trap of WebAssembly": ("    1: error while executing at wasm backtrace:\n    2: wasm trap: wasm `unreachable` instruction executed", (1, 0)),
    "a test of nextest": ("    Starting 2 tests across 1 binary\n     SIGSEGV [   0.1s] a b\n        PASS [   0.1s] a c", (1, 0)),
    "a test that is listed again": ("3/4 relay / churn   FAIL   0.3s   killed by signal 11 SIGSEGV\n\n3/4 relay / churn   FAIL   0.3s   killed by signal 11 SIGSEGV", (1, 0)),
    "two tests that crashed alike": ("3/4 relay / churn   FAIL   0.3s   killed by signal 11 SIGSEGV\n4/4 relay / flood   FAIL   0.3s   killed by signal 11 SIGSEGV", (2, 0)),
}  # fmt: skip


@pytest.mark.parametrize("name", STORIES)
def test_an_end_that_several_lines_tell_is_one(name: str) -> None:
    text, counts = STORIES[name]
    assert counted(text) == counts


BEFORE = (
    "relay-1  | ", "2026-01-01T00:00:00.0000000Z ", "12:08:28  ", "[pod/relay-7d9f8-xk2lp/relay] ", "#12 3.456 ",
    "Jan 01 00:00:00 host relay[12]: ", "2026-01-01T00:00:00+0000 host relay[12]: ", "relay-1 |", "[12.345s] ", "2026-01-01T00:00:00.000000000Z stderr F ",
)  # fmt: skip


@pytest.mark.parametrize("before", BEFORE)
def test_behind_what_logs_put_before_each_line_it_is_the_same(before: str) -> None:
    behind = {name: "\n".join(before + line for line in text.splitlines()) for name, (text, _) in STORIES.items()}
    assert {name: counted(text) for name, text in behind.items()} == {
        name: counts for name, (_, counts) in STORIES.items()
    }


@pytest.mark.parametrize("end", ["  ", "\t", "\r", "\x1b[0m"])
def test_what_pads_a_line_changes_nothing(end: str) -> None:
    padded = {name: "\n".join(line + end for line in text.split("\n")) for name, (text, _) in STORIES.items()}
    assert {name: counted(text) for name, text in padded.items()} == {
        name: counts for name, (_, counts) in STORIES.items()
    }


def test_lines_in_the_records_of_a_container_are_read_as_they_were_printed() -> None:
    records = {
        name: "\n".join(json.dumps({"log": f"{line}\n", "stream": "stderr"}) for line in text.splitlines())
        for name, (text, _) in STORIES.items()
    }
    assert {name: counted(text) for name, text in records.items()} == {
        name: counts for name, (_, counts) in STORIES.items()
    }


def test_a_panic_that_says_nothing_is_one() -> None:
    assert counted("panic: \n\ngoroutine 1 [running]:") == (1, 0)


def test_what_comes_much_later_is_another_end() -> None:
    text = STORIES["a task and its joiner"][0]
    assert counted(text, pause=30.0) == (2, 0)


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("the thread has panicked at 'lost', src/a.rs:1:1", (1, 0)),
        ("Test panicked: PanicInfo {", (1, 0)),
        ("crashed running packages/a.test.ts, retrying", (1, 0)),
        ('{"level":"-","message":"[PANIC RECOVER] lost goroutine 21 [running]:"}', (1, 0)),
        ("  a.py:3: PytestUnhandledThreadExceptionWarning: Exception in thread Thread-1 (run)", (1, 0)),
        ("a.c:3:1: internal compiler error: Segmentation fault", (1, 0)),
        ("gcc: fatal error: Killed signal terminated program cc1", (1, 0)),
        ("ERROR [pool-1] a.Handler - Uncaught exception in thread pool-1-thread-1", (1, 0)),
        ("9f8e7d6c panic: lost", (1, 0)),
        ("2026/01/01 00:00:00 relay.go:12: panic: lost", (1, 0)),
        ("relay.c:12: fatal error: z.h: No such file or directory", (0, 0)),
        ("[Uncaught exception in master] Error: lost", (1, 0)),
        ("* thread #1: tid = 0x1, stop reason = EXC_BAD_ACCESS (code=1, address=0x0)", (1, 0)),
        ("Fatal error: request has exceeded memory limit in /a.php on line 1", (0, 1)),
        ("** (CompileError) lib/a.ex:3: undefined function f/0", (0, 0)),
        ("** (RuntimeError) lost", (1, 0)),
        ("/a.js:3", (0, 0)),
        ("relay-1  | //! thread 'main' panicked at src/a.rs:1:1:", (0, 0)),
        ("//! thread 'main' panicked at src/a.rs:1:1:", (0, 0)),
        ("E         and: '[gw0] node down: Not properly terminated'", (0, 0)),
    ],
)
def test_lines_that_tell_alone(line: str, counts: tuple[int, int]) -> None:
    assert counted(line) == counts
