# ruff: noqa: E501 - a table: one row each
"""What those who start, restart and watch processes print when one of them died: one row each, as in ``crash``. Data."""

from typing import Final

from stresstui.engine.output.words.crash import CRASH, OOM, PANIC, CrashWord

_ENDED_BY_WINDOWS: Final = (
    0xC0000005, 0xC0000017, 0xC000001D, 0xC0000094, 0xC0000096, 0xC00000FD, 0xC0000374, 0xC0000409, 0xC0000602, 0x80000003,
)  # fmt: skip
"""Statuses with which Windows ends a program: access violation, no memory, illegal and privileged instruction, division
by zero, stack overflow, heap corruption, a failed check, a failed assertion, a breakpoint; in hex as it is written with
small letters and capitals, and as the number that it is with a sign and without."""
_WINDOWS_MARKS: Final = tuple(
    text for each in _ENDED_BY_WINDOWS for text in (f"0x{each:x}", f"0x{each:X}", f"{each - (1 << 32)}", f"{each}")
)
_WINDOWS: Final = rf"(?:{'|'.join(dict.fromkeys(_WINDOWS_MARKS))})\b"

MANAGER_WORDS: Final = (
    CrashWord("nginx", CRASH, ("exited with fatal code ",), r"\b(?:worker|cache \w+) process \d+ exited with fatal code \d", anywhere=True),
    CrashWord("Apache", CRASH, ("returned a Fatal error",), r"\bChild \d+ returned a Fatal error", anywhere=True),
    CrashWord("systemd", CRASH, ("with result 'watchdog'", "with result 'signal'"), r"Failed with result '(?:watchdog|signal)'", anywhere=True),
    CrashWord("systemd", CRASH, ("Watchdog timeout (limit",), r"\bWatchdog timeout \(limit \S+\)!", anywhere=True),
    CrashWord("systemd", OOM, ("due to memory ",), r"\bKilled \S+ due to memory (?:pressure|used)\b", anywhere=True),
    CrashWord("earlyoom", OOM, ("sending SIGTERM to process ", "sending SIGKILL to process "), r"\bsending SIG(?:TERM|KILL) to process \d+ .*\bbadness\b", anywhere=True),
    CrashWord("supervisord", CRASH, ("entered FATAL state, ",), r"\bgave up: \S+ entered FATAL state, ", anywhere=True),
    CrashWord("MPI", CRASH, ("MPI_ABORT was invoked",), r"\bMPI_ABORT was invoked on rank \d", anywhere=True),
    CrashWord("uWSGI", CRASH, ("DAMN ! worker ",), r"^DAMN ! worker \d+ \(pid: \d+\) died :\("),
    CrashWord("Passenger", CRASH, ("Process aborted! signo=",), r"Process aborted! signo=SIG[A-Z]+\(", anywhere=True),
    CrashWord("Python pools", CRASH, ("TerminatedWorkerError: ", "WorkerCrashedError: ", "DataLoader worker (pid", "KilledWorker: "),
              r"\b(?:TerminatedWorkerError: A worker|WorkerCrashedError: The worker died|KilledWorker: Attempted to run task)|\bRuntimeError: DataLoader worker \(pid.{1,80}\) exited unexpectedly", anywhere=True),
    CrashWord("PM2", CRASH, ("too many unstable restarts",), r"\bhad too many unstable restarts \(\d", anywhere=True),
    CrashWord("Docker", OOM, ('"oom"', "status=oom", "Action=oom", "container oom "), r"(?:^|\s)(?:status|Action)=oom(?:\s|$)|^\S+ container oom [0-9a-f]{4,64}(?: \(|$)", anywhere=True),
    CrashWord("containerd", OOM, ("TaskOOM event", "eceived oom event"), r"\bTaskOOM event\b|\b[Rr]eceived oom event\b", anywhere=True),
    CrashWord("Nomad", OOM, ("OOM Killed",), r"\bExit Message: \"OOM Killed\"|\bOOM Killed\b", anywhere=True),
    CrashWord("Kubernetes", OOM, ("SystemOOM", "System OOM encountered"), r"\bSystemOOM\s|\bSystem OOM encountered, victim process", anywhere=True),
    CrashWord("Kubernetes", OOM, ("node was low on resource: ",), r"\bnode was low on resource: (?:memory|ephemeral-storage|inodes|pids)", anywhere=True),
    CrashWord("Kubernetes", CRASH, ("CrashLoopBackOff",),
              r"\b\d+/\d+ +(?:Init:)?CrashLoopBackOff\b|\b[Rr]eason\"?[:=] *\"?CrashLoopBackOff\b|\b(?:with|: )\"?CrashLoopBackOff: \"?back-off", anywhere=True),
    CrashWord("Kubernetes", CRASH, ("restarting failed container",), r"\b[Bb]ack-off (?:\S+ )?restarting failed container", anywhere=True),
    CrashWord("Windows", CRASH, (*_WINDOWS_MARKS, "STATUS_"),
              rf"\b(?i:exception code|exit[ _]?code|exit[ _]?status|errorlevel|exited with(?: code| status)?|(?:exited|terminated|ended|crashed|failed) with(?: exit)? (?:code|status)|error code|status code)\W{{1,3}}{_WINDOWS}"
              rf"|\b(?i:unhandled exception)\b.{{0,60}}?\b{_WINDOWS}|\bSTATUS_(?:ACCESS_VIOLATION|STACK_OVERFLOW|HEAP_CORRUPTION|STACK_BUFFER_OVERRUN|ILLEGAL_INSTRUCTION|INTEGER_DIVIDE_BY_ZERO)\)", anywhere=True),
    CrashWord("Windows", CRASH, ("aulting application name: ",), r"\b[Ff]aulting application name: \S", anywhere=True),
    CrashWord("tarpaulin", CRASH, ("A segfault occurred while",), r"\bA segfault occurred while executing tests?\b", anywhere=True),
    CrashWord("vitest", CRASH, ("Worker exited unexpectedly",), r"^\s*(?:Error: )?(?:\[\S+\]: )?Worker exited unexpectedly"),
    CrashWord("vitest", PANIC, ("Vitest caught ",), r"\bVitest caught [1-9]\d* unhandled errors? during the test run", anywhere=True),
    CrashWord("stress-ng", OOM, ("killed by OOM killer", "killed by the OOM killer"), r"\bassuming killed by OOM killer\b", anywhere=True),
    CrashWord("MySQL", OOM, ("Too many connections", "too many clients already"), r"\b(?i:error|fatal)\b.*?\b(?:Too many connections|too many clients already)\b", anywhere=True),
    CrashWord("Elixir", PANIC, (" raised an exception",), r"\[error\] Process #PID<[\d.]+> raised an exception$", anywhere=True),
    CrashWord("Elixir", PANIC, ("** (",), r"^\*\* \((?:[A-Z]\w*\.)*(?:[A-Z]\w*Error|EXIT from #PID<[\d.]+>|exit|throw)\) \S"),
    CrashWord("Haskell", PANIC, (": Prelude.", " blocked indefinitely in an "), r"^\S+: (?:Prelude\.\S+: \S|thread blocked indefinitely in an )"),
    CrashWord("Haskell", CRASH, (": internal error: ", ": <<loop>>"), r"^\S+: (?:internal error: \S|<<loop>>$)"),
    CrashWord("Zig", CRASH, ("protection exception (no address",), r"^General protection exception \(no address available\)$"),
)  # fmt: skip
