# ruff: noqa: E501 - a table: one row each
"""What runtimes, tools and the kernel print when a program breaks: one row each. Data; ``crash`` reads lines by it.

Marks are literal: a line without any of them is not looked at. Expressions are RE2, searched in the line's text.
"""

from typing import Final, NamedTuple


class CrashWord(NamedTuple):
    """One thing that may be printed."""

    runtime: str
    """Who prints it."""
    meaning: str
    """``panic`` (an error that nobody caught), ``crash`` (broken memory, an abort, a sanitizer's find), or ``oom``."""
    marks: tuple[str, ...]
    """One of these is in every such line."""
    expression: str
    """What it looks like."""
    anywhere: bool = False
    """True where the words are so peculiar that any text may stand before them."""


PANIC: Final = "panic"
CRASH: Final = "crash"
OOM: Final = "oom"

CRASH_WORDS: Final = (
    CrashWord("Rust", PANIC, ("panicked at ",), r"thread '.*?' (?:\(\d+\) )?panicked at ", anywhere=True),
    CrashWord("Rust", CRASH, ("has overflowed its stack",), r"thread '.*' (?:\(\d+\) )?has overflowed its stack", anywhere=True),
    CrashWord("Rust", CRASH, ("fatal runtime error: ",), r"fatal runtime error: ", anywhere=True),
    CrashWord("Rust", OOM, ("memory allocation of ",), r"memory allocation of \d+ bytes failed", anywhere=True),
    CrashWord("Rust", CRASH, ("non-unwinding panic",), r"thread caused non-unwinding panic", anywhere=True),
    CrashWord("Rust", PANIC, ("The application panicked",), r"The application panicked \(crashed\)"),
    CrashWord("Go", PANIC, ("panic: ",), r"panic: "),
    CrashWord("Go", PANIC, ("http: panic serving ",), r"http: panic serving \S", anywhere=True),
    CrashWord("Go", PANIC, ("panic recovered:",), r"\[Recovery\] .*panic recovered:", anywhere=True),
    CrashWord("Go", CRASH, ("fatal error: ",), r"fatal error: "),
    CrashWord("Go", CRASH, ("WARNING: DATA RACE",), r"WARNING: DATA RACE$"),
    CrashWord("Go", CRASH, ("fatal: morestack", "fatal: systemstack"), r"fatal: (?:morestack|systemstack) "),
    CrashWord("Go", CRASH, ("goroutine stack exceeds",), r"runtime: goroutine stack exceeds \d+-byte limit", anywhere=True),
    CrashWord("Go", CRASH, ("unexpected fault address",), r"unexpected fault address 0x"),
    CrashWord("Go", CRASH, ("SIGSEGV: segmentation violation",), r"SIGSEGV: segmentation violation$"),
    CrashWord("Go", OOM, ("runtime: out of memory",), r"runtime: out of memory", anywhere=True),
    CrashWord("JVM", PANIC, ("Exception in thread ",), r'Exception in thread ".*" \S', anywhere=True),
    CrashWord("JVM", CRASH, ("A fatal error has been detected by the Java Runtime",),
              r"A fatal error has been detected by the Java Runtime", anywhere=True),
    CrashWord("JVM", CRASH, ("#  SIG", "#  EXCEPTION_"), r"#  (?:SIG[A-Z]+|EXCEPTION_\w+) \(0x[0-9a-f]+\) at pc="),
    CrashWord("JVM", CRASH, ("Internal Error (",), r"#  Internal Error \("),
    CrashWord("JVM", OOM, ("OutOfMemoryError",), r"\bOutOfMemoryError\b", anywhere=True),
    CrashWord("JVM", OOM, ("insufficient memory for the Java Runtime",), r"insufficient memory for the Java Runtime", anywhere=True),
    CrashWord("Python", PANIC, ("Exception in thread ",), r"Exception in thread \S.*:$"),
    CrashWord("Python", PANIC, ("Exception ignored in thread ",), r"Exception ignored in thread started by"),
    CrashWord("Python", CRASH, ("Fatal Python error: ",), r"Fatal Python error: ", anywhere=True),
    CrashWord("Python", OOM, ("MemoryError",), r"^MemoryError\b|\bnumpy\S*MemoryError\b"),
    CrashWord("Node", CRASH, ("FATAL ERROR: ",), r"FATAL ERROR: .*(?:[Aa]llocation failed|JavaScript|v8|napi|node|HandleScope)", anywhere=True),
    CrashWord("Node", CRASH, ("# Fatal error in ",), r"^# Fatal error in "),
    CrashWord("Node", OOM, ("JavaScript heap out of memory",), r"JavaScript heap out of memory", anywhere=True),
    CrashWord("JavaScript", PANIC, ("ncaught ",), r"(?:error: )?Uncaught (?:\(in promise\) )?\w*(?:Error|Exception)\b"),
    CrashWord(".NET", PANIC, ("nhandled ",), r"Unhandled [Ee]xception[.:](?:\s|$)"),
    CrashWord(".NET", CRASH, ("Fatal error. ",), r"Fatal error\. \S"),
    CrashWord(".NET", CRASH, ("Process terminated. ",), r"^Process terminated\. \S"),
    CrashWord(".NET", CRASH, ("Stack overflow.",), r"^(?:Process is terminating due to )?Stack[ O]verflow(?:Exception)?\.$|^Stack overflow\.$"),
    CrashWord(".NET", OOM, ("OutOfMemoryException",), r"\bOutOfMemoryException\b", anywhere=True),
    CrashWord("Erlang", CRASH, ("Crash dump is being written to",), r"Crash dump is being written to", anywhere=True),
    CrashWord("Erlang", PANIC, ("CRASH REPORT",), r"=?CRASH REPORT(?:=|\s+[Pp]rocess)", anywhere=True),
    CrashWord("Erlang", PANIC, ("Kernel pid terminated",), r"Kernel pid terminated", anywhere=True),
    CrashWord("Erlang", PANIC, (" terminating",), r"(?:\*\* |\[error\] )(?:Generic server|State machine|Process|Task|GenServer|gen_event handler) .*terminat(?:ing|ed)"),
    CrashWord("Erlang", PANIC, ("Error in process ",), r"Error in process <\d+\.\d+\.\d+> .*with exit value:", anywhere=True),
    CrashWord("Erlang", OOM, ("_alloc: Cannot allocate",), r"_alloc: Cannot (?:re)?allocate \d+ bytes", anywhere=True),
    CrashWord("C++", CRASH, ("terminate called ",), r"terminate called (?:after throwing|without an active|recursively)", anywhere=True),
    CrashWord("C++", CRASH, ("libc++abi",), r"libc\+\+abi(?:\.dylib)?: (?:terminating|Pure virtual|pure virtual)", anywhere=True),
    CrashWord("C++", CRASH, ("pure virtual method called",), r"pure virtual method called"),
    CrashWord("C++", OOM, ("std::bad_alloc",), r"(?:instance of ')?std::bad_alloc\b", anywhere=True),
    CrashWord("C++", CRASH, ("terminating with uncaught ", "terminating due to uncaught "), r"terminating (?:with|due to) uncaught (?:foreign )?exception", anywhere=True),
    CrashWord("glog", CRASH, ("Check failed: ", "CHECK failed: "), r"\bF\d{4}(?:\d{4})? [\d:.]+\s+\d+ \S+:\d+\] (?i:check failed): |:FATAL:\S+\(\d+\)\] Check failed: "),
    CrashWord("Swift", CRASH, ("Fatal error: ",), r"\.swift:\d+: Fatal error: |^Fatal error: (?:Index out of range|Unexpectedly found nil|Array index|Can't |Division by zero|Not enough bits|UnsafeRawBufferPointer)", anywhere=True),
    CrashWord("OCaml", PANIC, ("Fatal error: exception ",), r"Fatal error: exception \S"),
    CrashWord("Nim", PANIC, ("nhandled exception: ",), r"Error: unhandled exception: \S"),
    CrashWord("Bun", CRASH, ("panic(", "Bun has crashed"), r"panic\([^)]{1,80}\): \S|Bun has crashed"),
    CrashWord("C", CRASH, ("Assertion ",), r"Assertion [`'].*' failed\.|Assertion failed: \(?.*,? (?:function|file) .*line \d+", anywhere=True),
    CrashWord("C", CRASH, ("*** stack smashing detected", "*** buffer overflow detected", "*** longjmp causes", "*** bit out of range",
                           "*** %n in writable", "*** invalid %N$"), r"\*\*\* (?:stack smashing detected|buffer overflow detected|longjmp causes|bit out of range|%n in writable|invalid %N\$)", anywhere=True),
    CrashWord("glibc", CRASH, ("double free or corruption",), r"double free or corruption \(", anywhere=True),
    CrashWord("glibc", CRASH, ("free(): ", "malloc(): ", "realloc(): ", "calloc(): ", "munmap_chunk(): ", "malloc_consolidate(): ",
                               "mremap_chunk(): ", "tcache_thread_shutdown(): ", "sysmalloc: "),
              r"(?:\b(?:free|malloc|realloc|calloc|munmap_chunk|malloc_consolidate|mremap_chunk|tcache_thread_shutdown)\(\): (?:invalid|double free|corrupt|memory corruption|unaligned|mismatch|unsorted|largebin|smallbin|too many)|sysmalloc: Assertion)", anywhere=True),
    CrashWord("glibc", CRASH, ("corrupted size vs. prev_size", "corrupted double-linked list"), r"^(?:.*: )?(?:corrupted size vs\. prev_size|corrupted double-linked list)"),
    CrashWord("glibc", CRASH, ("Fatal glibc error",), r"Fatal glibc error: ", anywhere=True),
    CrashWord("sanitizer", CRASH, ("Sanitizer: ", "Sanitizer CHECK failed"),
              r"(?:ERROR|WARNING): (?:Address|HWAddress|Leak|Thread|Memory|GWP-A)Sanitizer: |[A-Z]\w*Sanitizer CHECK failed", anywhere=True),
    CrashWord("sanitizer", CRASH, (": runtime error: ",), r"\S:\d+:\d+: runtime error: \S", anywhere=True),
    CrashWord("sanitizer", OOM, ("Sanitizer failed to allocate", "allocation-size-too-big", "Sanitizer: out-of-memory"), r"Sanitizer(?: failed to allocate|: out-of-memory|: requested allocation)", anywhere=True),
    CrashWord("sanitizer", CRASH, ("SUMMARY: ",), r"SUMMARY: (?:Address|HWAddress|Leak|Thread|Memory|UndefinedBehavior)Sanitizer: \S", anywhere=True),
    CrashWord("valgrind", CRASH, ("== Invalid ", "== Process terminating", "== Conditional jump", "== Use of uninit", "== Mismatched free", "== Source and dest", "== Jump to the invalid"),
              r"==\d+== (?:Invalid (?:read|write) of size|Invalid free|Process terminating with default action|Conditional jump or move depends|Use of uninitialised|Mismatched free|Source and destination overlap|Jump to the invalid)", anywhere=True),
    CrashWord("valgrind", CRASH, ("definitely lost: ",), r"==\d+==\s+definitely lost: [1-9]", anywhere=True),
    CrashWord("coreutils", CRASH, ("the monitored command dumped core",), r"timeout: the monitored command dumped core", anywhere=True),
    CrashWord("Erlang", PANIC, ("an exception was raised:",), r"\*\* \(EXIT from \S+\) an exception was raised:", anywhere=True),
    CrashWord("Ruby", CRASH, ("[BUG] ",), r"\[BUG\] \S", anywhere=True),
    CrashWord("PHP", PANIC, ("Fatal error: ",), r"PHP Fatal error:\s|Fatal error:\s+Uncaught "),
    CrashWord("PHP", OOM, ("Allowed memory size of ",), r"Allowed memory size of \d+ bytes exhausted", anywhere=True),
    CrashWord("kernel", OOM, ("ut of memory: Kill", "oom-kill:", "oom-killer"), r"[Oo]ut of memory: Kill(?:ed)? process \d+|oom-kill:constraint=|invoked oom-killer", anywhere=True),
    CrashWord("kernel", CRASH, ("segfault at ", " general protection", "trap invalid opcode"),
              r"\S+\[\d+\]: segfault at [0-9a-f]+ ip|traps: .* (?:general protection|trap invalid opcode)", anywhere=True),
    CrashWord("kernel", CRASH, ("Kernel panic - ",), r"Kernel panic - not syncing", anywhere=True),
    CrashWord("systemd", CRASH, (" dumped core",), r"Process \d+ \(.*\) of user \d+ (?:dumped core|terminated abnormally)", anywhere=True),
    CrashWord("systemd", OOM, ("by the OOM killer", "result 'oom-kill'"), r"killed by the OOM killer|result 'oom-kill'", anywhere=True),
    CrashWord("Rust", PANIC, (" panicked",), r"\btask \d+ panicked\b|^Deno has panicked"),
    CrashWord("Rust", PANIC, ("A panic occurred", "JoinError::Panic("), r"^A panic occurred$|JoinError::Panic\("),
    CrashWord("Rust", CRASH, ("unsafe precondition(s) violated", "thread panicked while processing panic", "error: Undefined Behavior: "),
              r"unsafe precondition\(s\) violated|thread panicked while processing panic|error: Undefined Behavior: ", anywhere=True),
    CrashWord("JVM", CRASH, ("Java-level deadlock",), r"Found (?:one|\d+) Java-level deadlocks?:"),
    CrashWord("JVM", CRASH, ("forked VM terminated without",), r"The forked VM terminated without properly saying goodbye", anywhere=True),
    CrashWord("JVM", OOM, ("os::commit_memory(",), r"os::commit_memory\(.*\) failed", anywhere=True),
    CrashWord("Python", CRASH, ("BrokenProcessPool: ", "node down: Not properly", "crashed while running"),
              r"BrokenProcessPool: A |node down: Not properly terminated|worker '\w+' crashed while running", anywhere=True),
    CrashWord("Python", OOM, ("can't start new thread",), r"RuntimeError: can't start new thread", anywhere=True),
    CrashWord("Node", PANIC, ("UnhandledPromiseRejection: ", "triggerUncaughtException("),
              r"\[UnhandledPromiseRejection: |^\s*triggerUncaughtException\(\w*,", anywhere=True),
    CrashWord("Node", PANIC, ("--trace-uncaught ...` to show",), r"^\(Use `node --trace-uncaught \.\.\.` to show where the exception was thrown\)"),
    CrashWord("Node", CRASH, ("app crashed - waiting",), r"\[nodemon\] app crashed - waiting", anywhere=True),
    CrashWord(".NET", CRASH, ("Test host process crashed",), r"Test host process crashed", anywhere=True),
    CrashWord("C++", CRASH, ("*** Check failure stack trace", "*** Aborted at "), r"\*\*\* (?:Check failure stack trace: \*\*\*|Aborted at \d+ \([Uu]nix time)", anywhere=True),
    CrashWord("C++", CRASH, (":FATAL:",), r":FATAL:\w\S*\(\d+\)\] \S"),
    CrashWord("Qt", CRASH, ("ASSERT",), r"\bASSERT(?: failure in .*)?: \".*\"(?:, | in )file .+, line \d+", anywhere=True),
    CrashWord("Swift", CRASH, ("Program crashed: ",), r"(?:\*\*\*|\W) ?Program crashed: \S", anywhere=True),
    CrashWord("Kotlin", PANIC, ("Uncaught Kotlin exception: ",), r"Uncaught Kotlin exception: \S"),
    CrashWord("Dart", CRASH, ("===== CRASH =====",), r"^===== CRASH =====$"),
    CrashWord("Haskell", OOM, ("Heap exhausted",), r"\bHeap exhausted(?:;|, game over)", anywhere=True),
    CrashWord("Haskell", CRASH, ("(GHC version ",), r"^\s*\(GHC version \d"),
    CrashWord("Lisp", CRASH, ("error encountered in SBCL",), r"^fatal error encountered in SBCL"),
    CrashWord("Lua", OOM, ("not enough memory",), r"^lua\S*: (?:.*: )?not enough memory"),
    CrashWord("Perl", OOM, ("ut of memory in perl", "ut Of Memory allocating"), r"Out of memory in perl:|Out Of Memory allocating \d", anywhere=True),
    CrashWord("Ruby", OOM, ("failed to allocate memory",), r"\bfailed to allocate memory", anywhere=True),
    CrashWord("Ruby", PANIC, ("terminated with exception (",), r"#<Thread:.*> terminated with exception \(report_on_exception", anywhere=True),
    CrashWord("R", OOM, ("cannot allocate vector of size",), r"cannot allocate vector of size \d", anywhere=True),
    CrashWord("Mono", CRASH, ("Native Crash Reporting",), r"^\s*Native Crash Reporting$"),
    CrashWord("PostgreSQL, Lua", PANIC, ("PANIC: ",), r"\bPANIC: "),
    CrashWord("Redis", CRASH, ("REDIS BUG REPORT START", "VALKEY BUG REPORT START"), r"=== (?:REDIS|VALKEY) BUG REPORT START", anywhere=True),
    CrashWord("HAProxy", CRASH, ("FATAL: bug condition",), r"FATAL: bug condition \"", anywhere=True),
    CrashWord("MongoDB", CRASH, ("Invariant failure", "Fatal assertion"), r"^(?:.* )?(?:Invariant failure|Fatal assertion)(?:$| \S)"),
    CrashWord("sanitizer", CRASH, ("Sanitizer:DEADLYSIGNAL", "ERROR: UndefinedBehaviorSanitizer: "), r"\wSanitizer:DEADLYSIGNAL|ERROR: UndefinedBehaviorSanitizer: ", anywhere=True),
    CrashWord("sanitizer", CRASH, ("ERROR: libFuzzer: ",), r"==\d+== ?ERROR: libFuzzer: \S", anywhere=True),
    CrashWord("sanitizer", OOM, ("libFuzzer: out-of-memory",), r"ERROR: libFuzzer: out-of-memory", anywhere=True),
    CrashWord("allocator", CRASH, ("Scudo ERROR: ", "GWP-ASan detected", "fatal allocator error: ", "Attempt to free invalid pointer"),
              r"Scudo ERROR: |GWP-ASan detected a memory error|^fatal allocator error: |Attempt to free invalid pointer 0x", anywhere=True),
    CrashWord("valgrind", CRASH, ("== Possible data race", "== ERROR SUMMARY: "), r"==\d+== (?:Possible data race during|ERROR SUMMARY: [1-9][\d,]* errors)", anywhere=True),
    CrashWord("C", CRASH, ("Assertion failed: ",), r"Assertion failed: .+ \(\S+: \S+: \d+\)$", anywhere=True),
    CrashWord("GLib", CRASH, ("ssertion failed: (", "-ERROR **", "should not be reached"),
              r"ERROR:\S+:\d+:\S+: (?:assertion failed: \(|code should not be reached)|\w-ERROR \*\*", anywhere=True),
    CrashWord("ctest", CRASH, ("***Exception: ",), r"\*\*\*Exception: (?:SegFault|Illegal|Bus|Numerical|Child killed|Other)", anywhere=True),
    CrashWord("systemd", CRASH, ("with result 'core-dump'",), r"Failed with result 'core-dump'", anywhere=True),
    CrashWord("MPI", CRASH, ("BAD TERMINATION OF ONE",), r"BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES", anywhere=True),
    CrashWord("Slurm", OOM, (" oom-kill event", " oom_kill event"), r"[Dd]etected [1-9]\d* oom[-_]kill event", anywhere=True),
    CrashWord("containers", OOM, ("OOMKilled",), r"\bOOMKilled\b", anywhere=True),
    CrashWord("CUDA", CRASH, ("CUDA error: ",), r"CUDA error: (?:an illegal |device-side assert|unspecified launch|misaligned)", anywhere=True),
    CrashWord("WebAssembly", CRASH, ("wasm trap: ", "RuntimeError: "), r"wasm trap: \S|RuntimeError: (?:unreachable|memory access out of bounds)$"),
    CrashWord("kernel", CRASH, ("kernel BUG at ", "BUG: "), r"kernel BUG at \S+:\d|\bBUG: (?:kernel NULL pointer|unable to handle|KASAN: |soft lockup)", anywhere=True),
    CrashWord("system", OOM, ("temporarily unavailable",), r"\b(?:fork|pthread_create|clone)\b[^:]{0,20}: (?:retry: )?Resource temporarily unavailable", anywhere=True),
    CrashWord("system", OOM, ("oo many open files", "annot allocate memory", "EMFILE", "ENFILE", "ENOMEM", "os error 12", "os error 24"),
              r"[Tt]oo many open files|Cannot allocate memory|cannot allocate memory|\b(?:EMFILE|ENFILE|ENOMEM)\b|\bos error (?:12|24)\b", anywhere=True),
    CrashWord("system", OOM, ("ut of memory",), r"\b[Oo]ut of memory(?:[^\w\s]|$| error\b)", anywhere=True),
)  # fmt: skip

SHELL_SIGNALS: Final = {
    "Segmentation fault": "SIGSEGV", "Bus error": "SIGBUS", "Aborted": "SIGABRT", "Abort trap": "SIGABRT", "Killed": "SIGKILL",
    "Illegal instruction": "SIGILL", "Trace/breakpoint trap": "SIGTRAP", "Trace/BPT trap": "SIGTRAP",
    "Floating point exception": "SIGFPE", "Arithmetic exception": "SIGFPE", "Bad system call": "SIGSYS",
}  # fmt: skip
"""What shells and make say of a child that a signal ended, and that signal."""
