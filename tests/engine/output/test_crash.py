import pytest

from stresstui.core.model.event import Matched
from stresstui.engine.output.crash import Crashed, read_crash


def told(line: str) -> list[str]:
    return [one.signal if isinstance(one, Crashed) else one.pattern for one in read_crash(1.0, line)]


@pytest.mark.parametrize(
    ("line", "meanings"),
    [
        ("thread 'main' panicked at src/main.rs:4:5:", ["panic"]),
        ("processing batch 7... thread 'tokio-runtime-worker' panicked at src/relay.rs:41:9:", ["panic"]),
        ("2026-01-02T03:04:05Z ERROR relay: thread 'x' (12) panicked at src/a.rs:1:1", ["panic"]),
        ('{"level":"error","msg":"panic: no route"}', ["panic"]),
        ("thread 'main' (4711) has overflowed its stack", ["crash"]),
        ("fatal runtime error: stack overflow, aborting", ["crash"]),
        ("panic: runtime error: invalid memory address or nil pointer dereference", ["panic"]),
        ("2026/01/02 03:04:05 panic: boom", ["panic"]),
        ("fatal error: concurrent map writes", ["crash"]),
        ("fatal error: all goroutines are asleep - deadlock!", ["crash"]),
        ("WARNING: DATA RACE", ["crash"]),
        ("runtime: out of memory: cannot allocate 4194304-byte block (519340032 in use)", ["oom"]),
        ("# A fatal error has been detected by the Java Runtime Environment:", ["crash"]),
        ('Exception in thread "main" java.lang.IllegalStateException: closed', ["panic"]),
        ('Exception in thread "main" java.lang.OutOfMemoryError: Java heap space', ["panic", "oom"]),
        ("Fatal Python error: Segmentation fault", ["crash"]),
        ("Fatal Python error: Aborted", ["crash"]),
        ("==4711==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010", ["crash"]),
        ("WARNING: ThreadSanitizer: data race (pid=4711)", ["crash"]),
        ("==4711==ERROR: LeakSanitizer: detected memory leaks", ["crash"]),
        ("pool.c:31:9: runtime error: signed integer overflow: 2147483647 + 1", ["crash"]),
        ("terminate called after throwing an instance of 'std::runtime_error'", ["crash"]),
        ("terminate called after throwing an instance of 'std::bad_alloc'", ["crash", "oom"]),
        ("*** stack smashing detected ***: terminated", ["crash"]),
        ("free(): double free detected in tcache 2", ["crash"]),
        ("double free or corruption (fasttop)", ["crash"]),
        ("a.out: a.c:3: main: Assertion `x > 0' failed.", ["crash"]),
        ("Out of memory: Killed process 4711 (soak) total-vm:1kB", ["oom"]),
        ("CUDA out of memory. Tried to allocate 2 GiB", ["oom"]),
        ("ERROR: out of memory", ["oom"]),
        ("accept failed: Too many open files (os error 24)", ["oom"]),
        ("*** Error in `./x': double free or corruption (fasttop): 0x000001 ***", ["crash"]),
        ("Swift/ContiguousArrayBuffer.swift:600: Fatal error: Index out of range", ["crash"]),
        ("Fatal error: exception Not_found", ["panic"]),
        ("Exception in thread Thread-1 (run):", ["panic"]),
        ("12:00:01 Exception in thread Thread-7:", ["panic"]),
        ("panic(main thread): Segmentation fault at address 0x10", ["crash"]),
        ("Error: unhandled exception: index 5 not in 0 .. 2 [IndexDefect]", ["panic"]),
        ("fatal: morestack on g0", ["crash"]),
        ("runtime: goroutine stack exceeds 1000000000-byte limit", ["crash"]),
        ("F1126 17:00:01.123456  1234 check.cc:12] Check failed: x == y (1 vs. 2)", ["crash"]),
        ("thread caused non-unwinding panic. aborting.", ["crash"]),
        ("The application panicked (crashed).", ["panic"]),
        ("SUMMARY: ThreadSanitizer: data race /x/a.c:12 in main", ["crash"]),
        ("#  SIGSEGV (0xb) at pc=0x00007f1, pid=1, tid=2", ["crash"]),
        ("terminating due to uncaught exception of type std::out_of_range", ["crash"]),
        ("timeout: the monitored command dumped core", ["crash"]),
        ("fish: Job 1, './x' terminated by signal SIGSEGV (Address boundary error)", ["SIGSEGV"]),
        ("Command terminated by signal 11", ["SIGSEGV"]),
        ("npm ERR! signal SIGABRT", ["SIGABRT"]),
        ("Bus error: 10", ["SIGBUS"]),
        ("Killed: 9", ["SIGKILL"]),
        ("Killed", ["SIGKILL"]),
        ("[12:00:01] Killed", ["SIGKILL"]),
        ("loading... Killed", ["SIGKILL"]),
        ("Illegal instruction (core dumped)", ["SIGILL"]),
        ("Floating point exception (core dumped)", ["SIGFPE"]),
        ("Bus error", ["SIGBUS"]),
        ("w.sh: line 1:  4711 Killed                  sh -c x", ["SIGKILL"]),
        ("bash: line 3:    12 Illegal instruction     (core dumped) ./a", ["SIGILL"]),
        ("zsh: segmentation fault (core dumped)  ./a", ["SIGSEGV"]),
        ("make: *** [Makefile:3: soak] Segmentation fault (core dumped)", ["SIGSEGV"]),
        ("make: *** [Makefile:3: soak] Error 139", ["SIGSEGV"]),
        ("relay exited with code 137", ["SIGKILL"]),
        ("  process didn't exit successfully: `/t/deps/a-1` (signal: 9, SIGKILL: kill)", ["SIGKILL"]),
    ],
)
def test_words_of_a_program_that_broke(line: str, meanings: list[str]) -> None:
    assert told(line) == meanings


@pytest.mark.parametrize(
    "line",
    [
        "0 panics",
        "no panic: ok",
        "panic: none",
        "panic: 0",
        "check 3: panic: ok",
        "test panic_handler ... ok",
        "running killed_test",
        "it recovered from a panic: well",
        "the log says \"thread 'main' panicked at src/a.rs\"",
        "README.md:12:panic: when the pool is empty",
        "grep 'panic: ' found nothing",
        "a.c:1:10: fatal error: x.h: No such file or directory",
        "no fatal error: all good",
        "transaction 4: Aborted",
        "Aborted by the user",
        "state = Killed",
        "12 requests Killed by the limit",
        "0 out of memory errors",
        "without AddressSanitizer: the plain build",
        "the out of memory handler is ready",
        "out of memory: 0",
        "ENOMEM errors: 0",
        "OutOfMemoryError count=0",
        "        PASS [   0.1s] soak OutOfMemoryError::is_caught",
        "=== RUN   TestOOM/std::bad_alloc",
        "ok 3 - panic: is caught",
        "✓ panic: is caught",
        "relay exited with code 143",
        "relay exited with code 1",
        '{"msg":"all well","panics":0}',
        "Aborted: 0",
        "Aborted: 6",
        "Killed: 12",
        "Killed 12 zombies",
        "Exception in thread pool was configured",
        "terminated by signal SIGTERM (Polite quit request)",
        "Command terminated by signal 15",
        "No Fatal error: exception found",
        "Fatal error rate: 0%",
        "INFO handler for SIGSEGV installed",
        "see `panic: ' in the manual",
    ],
)
def test_lines_that_only_speak_of_it(line: str) -> None:
    assert told(line) == []


def test_the_whole_line_is_kept_as_evidence_cut() -> None:
    (found,) = read_crash(1.0, "panic: " + "x" * 900)
    assert found == Matched(1.0, "panic", "panic: " + "x" * 493)
