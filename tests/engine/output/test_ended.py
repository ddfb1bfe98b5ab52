import pytest

from stresstui.engine.output.ended import read_signal


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        (
            "[2026-11-27 00:00:00 +0000] [12] [ERROR] Worker (pid:17) was sent SIGKILL! Perhaps out of memory?",
            "SIGKILL",
        ),
        ("!!! uWSGI process 17 got Segmentation Fault !!!", "SIGSEGV"),
        ("DAMN ! worker 1 (pid: 17) died, killed by signal 11 :( trying respawn ...", "SIGSEGV"),
        ("2026/11/27 00:00:00 [alert] 12#12: worker process 17 exited on signal 11 (core dumped)", "SIGSEGV"),
        ("AH00052: child pid 17 exit signal Segmentation fault (11)", "SIGSEGV"),
        ("LOG:  server process (PID 17) was terminated by signal 9: Killed", "SIGKILL"),
        ("00:00:00 UTC - mysqld got signal 6 ;", "SIGABRT"),
        ("12:M 27 Nov 2026 00:00:00.000 # Redis 7.0.15 crashed by signal: 11, si_code: 1", "SIGSEGV"),
        ("[critical][backtrace] Caught Segmentation fault, suspect faulting address 0x0", "SIGSEGV"),
        ("*** SIGSEGV (@0x0) received by PID 17 (TID 0x7f) from PID 0; stack trace: ***", "SIGSEGV"),
        ("Received signal 11 SEGV_MAPERR 000000000000", "SIGSEGV"),
        ("  SIGSEGV - Segmentation violation signal", "SIGSEGV"),
        ("signal (11): Segmentation fault", "SIGSEGV"),
        (" *** caught segfault ***", "SIGSEGV"),
        ("Program received signal SIGABRT, Aborted.", "SIGABRT"),
        ("* thread #1, stop reason = signal SIGSEGV", "SIGSEGV"),
        ("[pid 17] +++ killed by SIGABRT +++", "SIGABRT"),
        ("soak.service: Main process exited, code=killed, status=11/SEGV", "SIGSEGV"),
        ("INFO exited: soak (terminated by SIGSEGV (core dumped); not expected)", "SIGSEGV"),
        ("PM2        | App [soak:0] exited with code [0] via signal [SIGSEGV]", "SIGSEGV"),
        ("worker 17 died (SIGSEGV)", "SIGSEGV"),
        ("subprocess.CalledProcessError: Command '['./a']' died with <Signals.SIGSEGV: 11>.", "SIGSEGV"),
        ("A jest worker process (pid=17) was terminated by another process: signal=SIGSEGV", "SIGSEGV"),
        ("signal: killed", "SIGKILL"),
        ("t/a.t (Wstat: 11 (Signal: SEGV) Tests: 1 Failed: 0)", "SIGSEGV"),
        ("t/a.t (Wstat: 134 (Signal: ABRT, dumped core) Tests: 1 Failed: 0)", "SIGABRT"),
        ("WARNING: [pool www] child 17 exited on signal 11 (SIGSEGV) after 1.2 seconds from start", "SIGSEGV"),
        ("child exited with return code -11", "SIGSEGV"),
        ("subprocess failed with exit code 139", "SIGSEGV"),
        ("Process finished with exit code 134 (interrupted by signal 6: SIGABRT)", "SIGABRT"),
        ("##[error]Process completed with exit code 139.", "SIGSEGV"),
        ("signal (11.1): Segmentation fault", "SIGSEGV"),
        ("[4711] signal (6.-6): Aborted", "SIGABRT"),
        ("./run.sh: Zeile 3: 12345 Speicherzugriffsfehler  (Speicherabzug geschrieben) ./soak", "SIGSEGV"),
        ("./run.sh : ligne 3 : 12345 Processus arrêté      ./soak", "SIGKILL"),
        ("Violación de segmento (`core' generado)", "SIGSEGV"),
        ("Abgebrochen (Speicherabzug geschrieben)", "SIGABRT"),
        ("./run.sh: 行 3: 12345 段错误               (核心已转储) ./soak", "SIGSEGV"),
        ("Убито", "SIGKILL"),
        ("make: [Makefile:2: all] Error 139 (ignored)", "SIGSEGV"),
        ("make[1]: [Makefile:3: soak] Aborted (core dumped) (ignored)", "SIGABRT"),
        ("error: Recipe `soak` was terminated on line 2 by signal 11", "SIGSEGV"),
        ("signal: 11 (SIGSEGV) (core dumped)", "SIGSEGV"),
        ("child exited with code null and signal SIGSEGV", "SIGSEGV"),
        ("{ code: null, signal: 'SIGABRT' }", "SIGABRT"),
        ("CompletedProcess(args=['./a'], returncode=-11)", "SIGSEGV"),
        ("<Process name='Process-1' pid=17 parent=2 stopped exitcode=-SIGBUS>", "SIGBUS"),
        ("status: ExitStatus(unix_wait_status(139))", "SIGSEGV"),
        ("Ok(ExitStatus(ExitStatus(34304)))", "SIGABRT"),
        ("bash: 29669 Floating point exceptionsh -c ./soak", "SIGFPE"),
        ("./run.sh: line 3: 12345 File size limit exceeded./soak --forever", "SIGXFSZ"),
        ("worker (pid 17) exited on signal 25", "SIGXFSZ"),
        ("child killed by SIGXCPU", "SIGXCPU"),
        ("qemu: uncaught target signal 11 (Segmentation fault) - core dumped", "SIGSEGV"),
    ],
)
def test_what_supervisors_and_handlers_say(line: str, signal: str) -> None:
    assert read_signal(line) == signal


@pytest.mark.parametrize(
    "line",
    [
        "make: [Makefile:2: all] Error 1 (ignored)",
        "status: ExitStatus(unix_wait_status(0))",
        "status: ExitStatus(unix_wait_status(256))",
        "status: ExitStatus(unix_wait_status(15))",
        "CompletedProcess(args=['./a'], returncode=1)",
        "signal: 15 (SIGTERM)",
        "signal: 9 (SIGKILL)",
        "Ok(ExitStatus(unix_wait_status(9)))",
        "CompletedProcess(args=['./a'], returncode=-9)",
        "<Process name='Process-1' pid=17 parent=2 stopped exitcode=-SIGKILL>",
        "child exited with code null and signal SIGKILL",
        "child exited with code null and signal SIGTERM",
        "[notice] 12#12: signal 17 (SIGCHLD) received from 17",
        "[notice] 12#12: signal 3 (SIGQUIT) received, shutting down",
        "worker process 17 exited with code 0",
        "worker 3 killed by signal 15",
        "Received SIGTERM, shutting down gracefully",
        "worker 3 exited, sending SIGKILL to the others",
        "will be killed by SIGKILL in 10 s",
        "if it is killed by signal 9, restart it",
        "0 workers killed by signal 9",
        "no process was killed by signal 9",
        "workers killed by SIGKILL: 0",
        "child killed by SIGKILL as expected",
        "exit code 137 means that memory ran out",
        "signal handlers: SIGSEGV SIGBUS SIGFPE",
        "installing handler for SIGSEGV",
        "exited with code 130",
        "soak.service: Main process exited, code=killed, status=15/TERM",
        "signal strength 11 received",
        "segfaults=0",
        'the log says "killed by signal 11"',
        "docs say: exited with code 137",
        "# if it exited with code 137, raise the limit",
        "exit status 137 would mean OOM",
        "Abgebrochen",
        "Upload Abandon (core dumped)",
    ],
)
def test_other_signals_and_what_only_speaks_of_them(line: str) -> None:
    assert read_signal(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "  process didn't exit successfully: `/t/deps/a-1 --color=never` (signal: 6, SIGABRT: process abort signal)",
        "process `relay --retry never` exited with signal 6",
        "worker [./relay --when idle] was killed by signal 6",
        "CalledProcessError: Command '['./relay', '--if-none']' died with <Signals.SIGABRT: 6>.",
        "/home/will/relay exited with code 134",
        "container will-1 exited with code 134",
        "relay-never exited with code 134",
        "relay.may exited with code 134",
    ],
)
def test_a_name_an_option_or_a_path_denies_nothing(line: str) -> None:
    assert read_signal(line) == "SIGABRT"


@pytest.mark.parametrize(
    "line",
    [
        "it never exited with code 134",
        "if `relay` exited with code 134, look at the log",
        "the worker can't have exited with code 134",
        "may be: killed by SIGABRT",
    ],
)
def test_a_word_of_the_sentence_does(line: str) -> None:
    assert read_signal(line) is None


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        ("workingSegmentation fault (core dumped)", "SIGSEGV"),
        ("result: Aborted (core dumped)", "SIGABRT"),
        ("#12 3.456 Bus error (core dumped)", "SIGBUS"),
        ("clang: error: unable to execute command: Segmentation fault (core dumped)", "SIGSEGV"),
        ("[=====>    ] 50%Killed", "SIGKILL"),
        ('The command "./relay" exited with 134.', "SIGABRT"),
        ("py311: exit -11 (0.50 seconds) /srv> pytest pid=4711", "SIGSEGV"),
        ("FAIL: //relay:churn (Exit 139) (see /x/test.log)", "SIGSEGV"),
        ("error: git-gc died of signal 9", "SIGKILL"),
        ("expected: Segmentation fault (core dumped)", None),
        ("the shell says 'Segmentation fault (core dumped)", None),
        ("bash prints Aborted (core dumped)", None),
        ("py311: exit 1 (0.50 seconds)", None),
        ("it exited with 134 open connections", None),
        ("process never ended by Segmentation fault (core dumped)", None),
    ],
)
def test_ends_behind_unfinished_text_and_of_tools_of_builds(line: str, signal: str | None) -> None:
    assert read_signal(line) == signal
