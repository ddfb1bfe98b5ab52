# ruff: noqa: E501 - a table: one row each
"""One end that several lines tell: the lines of each story, in the words of each of its tellers. Data; ``stories`` reads lines by it.

A line is told by the first teller whose expression is found in it; what an expression's group holds is a part of the
teller's name. Only lines that were understood as a crash, or as something that ran out, are looked at.
"""

from typing import Final, NamedTuple


class Story(NamedTuple):
    """Lines that may all tell of one thing."""

    name: str
    """Whose it is."""
    tellers: tuple[str, ...]
    """RE2 expressions, one for each of them."""
    within: float = 3.0
    """Seconds between two lines of it, at most."""


STORIES: Final = (
    Story("Bun", (r"\bpanic\(", r"\bpanic: .* at address 0x", r"Bun has crashed")),
    Story("HotSpot", (r"A fatal error has been detected by the Java Runtime", r"#  (?:SIG|EXCEPTION_|Internal Error)", r"#  fatal error: ", r"insufficient memory for the Java Runtime", r"os::commit_memory\("), 20.0),
    Story("Go panics", (
        r"http2?: panic serving ", r"panic recovered:", r"Observed a panic: ", r"(?i:level\"?[=:]\"?d?panic)\b|\tD?PANIC\t|\bPANI\[|\tpanic\t",
        r"(?:^\s+|\t|\\t)panic: ", r"\bpanic: ", r"[^:\d]: runtime error: |\"runtime error: ",
    )),
    Story("Go fatal errors", (
        r"\bruntime: (?:goroutine stack exceeds|program exceeds|out of memory|failed to create)", r"\bunexpected fault address", r"\bfatal error: ", r"\bSIG[A-Z]+: ",
    )),
    Story("Rust panics", (
        r"\bpanicked at (?:\S+/)?library/core/src/panicking\.rs:", r"\bthread '.*' (?:\(\d+\) )?panicked at ", r"\bpanicked at \S+\.rs:", r"\btask \d+ panicked\b", r"JoinError::Panic\(", r"PanicException: ", r"A panic occurred", r"The application panicked", r"^Deno has panicked",
        r"thread caused non-unwinding panic|thread panicked while p", r"unsafe precondition\(s\) violated",
    )),
    Story("Rust overflows", (r"has overflowed its stack", r"fatal runtime error: ")),
    Story("JVM exceptions", (
        r'\bException in thread "', r"\b(?:Terminating|Aborting) due to ", r"\bCaused by: [\w.$]+: [\w.$]+(?:Error|Exception)\b", r"\bCaused by: ", r"\bSuppressed: ", r"^\S* *unable to create (?:new )?native thread",
        r"\bjava\.lang\.\w+Error\b",
    )),
    Story("sanitizers", (r"Sanitizer:DEADLYSIGNAL", r"ERROR: libFuzzer: ", r"(?:ERROR|WARNING): (\w*)Sanitizer: ", r"SUMMARY: \w*Sanitizer: ", r": runtime error: "), 20.0),
    Story("valgrind", (r"== ERROR SUMMARY: ", r"== Process terminating", r"==\d+== +\S"), 20.0),
    Story("glog", (r"\*\*\* Check failure stack trace", r"\*\*\* Aborted at \d", r"\*\*\* SIG[A-Z]+ \(@", r"(?i:check failed): ")),
    Story("out of memory", (
        r"invoked oom-killer", r"oom-kill:constraint=", r"[Oo]ut of memory: Kill", r"killed by the OOM killer", r"result 'oom-kill'", r"\bTaskOOM event\b|\b[Rr]eceived oom event\b|container oom ",
        r"\bOOMKilled\b",
    )),
    Story("systemd", (r"[Pp]rocess exited, code=(?:killed|dumped)", r"Failed with result '", r"Process \d+ \(.*\) of user \d+ (dumped|terminated)", r"\bWatchdog timeout \(")),
    Story("pytest", (r"node down: Not properly terminated", r"^(?:FAILED|ERROR) .*crashed while running", r"worker '\w+' crashed while running", r"Fatal Python error: ")),
    Story("PHP", (r"PHP Fatal error: ", r"\bFatal error: +Uncaught ")),
    Story("Node", (
        r"\(below what threw it\)$", r"\(behind an error that nobody caught\)$", r"throw er; // Unhandled", r"triggerUncaughtException\(", r"UnhandledPromiseRejectionWarning: Unhandled promise rejection\.", r"UnhandledPromiseRejection(?:Warning)?: ",
        r"\bunhandledRejection: |nhandled (?:Promise )?[Rr]ejection: ", r"\bUncaught ", r"(?i:uncaught ?exception)", r"--trace-uncaught ",
    )),
    Story("Celery", (r"\bpid:\d+ exited with '", r"\bWorkerLostError\b")),
    Story("Python exceptions", (
        r"^(?:FAILED|ERROR) \S+\.py\b", r"^E   ", r"^([A-Za-z_][\w.]*(?:Error|Exception|Retries|Timeout|MaxRetryError))(?::|$)", r"out of system resource", r"\[Errno \d+\]",
    )),
    Story(".NET", (r"The active test run was aborted", r"Test host process crashed", r"Unhandled [Ee]xception", r"^Process terminated\.", r"^\s*---> ")),
    Story("Swift", (r"Program crashed: ", r"^\*\*\* Signal \d", r"\bFatal error: ")),
    Story("Erlang", (
        r"\[error\] (?:GenServer|Process|Task|State machine|gen_event)\b", r"CRASH REPORT", r"\*\* Generic server|\*\* State machine", r"^\*\* \(", r"Error in process ", r"ernel pid terminated", r"init terminating in do_boot", r"Runtime terminating during boot", r"Crash dump is being",
    )),
    Story("C++", (r"pure virtual method called", r"what\(\): ", r"terminate called ", r"libc\+\+abi", r"ardening assertion ", r"/c\+\+/v1/", r"terminating (?:with|due to) uncaught")),
    Story("ctest", (r"\*\*\*Exception: ", r" - \S.* \((?:SEGFAULT|ILLEGAL|NUMERICAL|Subprocess aborted)\)"), 86_400.0),
    Story("Windows", (r"\b[Ff]aulting application name: ", r"\b[Ee]xception code: ")),
    Story("GLib", (r"^Bail out! ", r"ERROR:\S+:\d+:")),
    Story("WebAssembly", (r"at wasm backtrace:", r"wasm trap: ")),
    Story("MPI", (r"\*\*\* Process received signal", r"\] Signal: ", r"exited on signal", r"BAD TERMINATION", r"EXIT (?:CODE|STRING)", r"MPI_ABORT"), 10.0),
)  # fmt: skip

ENDS: Final = Story("ends by a signal", (
    r"\(signal: \d+", r"\b(make(?:\[\d+\])?): (?:\*\*\* )?\[", r"\bnpm (?:ERR!|error) (\w+)", r": line \d+: +\d+ ", r"^\[\d+\] {0,2}[-+ ] {1,8}\S", r"\bzsh: ", r"^[A-Z][a-z/]+(?: [a-z]+)*(?: \(core dumped\))?(?:: \d+)?$",
    r"\bninja: ", r"\bexited with code ", r"\bError: Process completed with exit code ", r"\b(?:bazel|gradle|tox|ctest)\b",
))  # fmt: skip
"""Of a child, by whoever saw its end: the shell, and each of those above it; any other is one more."""
