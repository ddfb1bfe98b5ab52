"""What managers of processes say of one that died, and what they say of others, of themselves, or in general."""

import pytest

from stresstui.engine.output.ended import read_signal
from tests.engine.output.test_words import told

DIED = r"""
crash 2026/11/27 22:01:11 [alert] 7#7: worker process 31 exited with fatal code 2 and cannot be respawned
crash 2026/11/27 22:01:11 [alert] 7#7: cache manager process 32 exited with fatal code 2 and cannot be respawned
crash [mpm_event:alert] AH00050: Child 31 returned a Fatal error... Apache is exiting!
crash Nov 27 22:01:11 box systemd[1]: soak.service: Failed with result 'watchdog'.
crash Nov 27 22:01:11 box systemd[1]: soak.service: Failed with result 'signal'.
crash systemd[1]: soak.service: Watchdog timeout (limit 30s)!
oom systemd-oomd[7]: Killed /system.slice/relay.service due to memory pressure
oom systemd-oomd[7]: Killed /user.slice/session-1.scope due to memory used (99%) and swap used (99%) being more than 90%
oom earlyoom[7]: sending SIGTERM to process 4711 uid 0 "relay": badness 900, VmRSS 12 MiB
crash 2026-11-27 22:01:11,020 INFO gave up: relay entered FATAL state, too many start retries too quickly
crash MPI_ABORT was invoked on rank 0 in communicator MPI_COMM_WORLD
crash [PM2][ERROR] Script relay.js had too many unstable restarts (16). Stopped. "errored"
oom {"status":"oom","id":"4af1","from":"relay:latest","Type":"container","Action":"oom"}
oom {"status": "oom", "id": "4af1"}
oom {"Type":"container","Action":"oom","Actor":{"ID":"4af1","Attributes":{"name":"relay"}},"time":1732744871}
oom 2026-11-27T22:01:11.020 container oom 4af1 (image=relay, name=relay)
oom time="2026-11-27T22:01:11Z" level=info msg="TaskOOM event container_id:4af1"
oom time="2026-11-27T22:01:11Z" level=info msg="received oom event" container=4af1
oom Task event: Terminated - Exit Code: 137, Exit Message: OOM Killed
oom Warning  SystemOOM  10s  kubelet  System OOM encountered, victim process: relay, pid: 4711
oom Warning  Evicted  10s  kubelet  The node was low on resource: memory. Threshold quantity: 100Mi
crash relay-6d9  0/1  CrashLoopBackOff  5 (20s ago)  4m
crash relay-6d9  0/1  Init:CrashLoopBackOff  5 (20s ago)  4m
crash {"state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 5m0s restarting"}}}
crash       Reason:       CrashLoopBackOff
crash Warning  BackOff  2s (x5 over 30s)  kubelet  Back-off restarting failed container relay in pod relay-6d9
crash Process finished with exit code -1073740791 (0xC0000409)
crash Process exited with code 0xC000001D
crash crashed with code 3221225477
crash Exception Code: 0xC0000409
crash Unhandled exception at 0x00007FF6 in relay.exe: 0xC0000094: Integer division by zero.
crash process didn't exit successfully: `relay.exe` (exit code: 0xc00000fd, STATUS_STACK_OVERFLOW)
crash Faulting application name: relay.exe, version: 1.0.0.0, faulting module name: ntdll.dll
panic 22:01:11.020 [error] Process #PID<0.123.0> raised an exception
panic ** (RuntimeError) oops
panic ** (Ecto.Query.CastError) value cannot be cast
panic ** (EXIT from #PID<0.98.0>) shell process exited with reason: killed
panic relay: Prelude.head: empty list
panic relay: thread blocked indefinitely in an MVar operation
crash relay: internal error: evacuate: strange closure type 0
crash relay: <<loop>>
crash General protection exception (no address available)
crash 2026-11-27T22:01:11.020Z ERROR cargo_tarpaulin: Failed to run tests: A segfault occurred while executing tests
crash Error: Worker exited unexpectedly
crash Error: [tinypool]: Worker exited unexpectedly
panic Vitest caught 1 unhandled error during the test run.
oom stress-ng: debug: [12] vm: assuming killed by OOM killer, restarting again (instance 0)
oom FATAL: mysql_drv_query() returned error 1040 (Too many connections)
oom FATAL:  sorry, too many clients already
crash [FATAL:relay.cc(3)] Check failed: x.
crash [error] (run-main-0) java.lang.StackOverflowError
"""


@pytest.mark.parametrize("said", DIED.strip("\n").split("\n"))
def test_what_managers_say_of_a_death_is_found(said: str) -> None:
    kind, _, line = said.partition(" ")
    assert kind in told(line)


@pytest.mark.parametrize(
    "line",
    [
        "systemd[1]: relay.service: Failed with result 'exit-code'.",
        "systemd[1]: Watchdog timeout is 30s",
        "worker process 31 exited with code 0",
        "relay entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)",
        '{"status":"start","id":"oom","Action":"start"}',
        '{"Type":"container","Action":"start","Actor":{"Attributes":{"name":"oom"}}}',
        "2026-11-27T22:01:11.020 container start 4af1 (image=oom-test, name=oom)",
        '{"status":"oom-test started"}',
        "earlyoom v1.7: mem total: 24105 MiB, sending SIGTERM when mem <= 10.00%",
        "CrashLoopBackOff: 0 pods",
        "0 pods in CrashLoopBackOff",
        "alert rule KubePodCrashLooping loaded",
        "exit code 0xC0000005 is what Windows calls an access violation",
        "exit code 0xC0000374 means a corrupted heap",
        "an object at 0xc000005000 of Go's",
        "total: 3221225477 bytes sent",
        "sum -1073741819 of int32",
        '** (Mix) The task "x" could not be found',
        "** done **",
        "non-fatal error: connection reset",
        "memory: low on resource: no",
        "t/a.t (Wstat: 256 (exited 1) Tests: 3 Failed: 1)",
        '<testcase name="panic: boom" classname="relay"/>',
        'level=info test="fatal error: concurrent map writes" result=ok',
        "Vitest caught 0 unhandled errors during the test run.",
        "Too many connections are refused with a 503",
        "// terminated by SIGSEGV is what supervisord says",
    ],
)
def test_what_they_say_of_anything_else_is_none(line: str) -> None:
    assert told(line) == []


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        ("Error: Command failed: ./relay (signal: SIGSEGV)", "SIGSEGV"),
        ("Process 'Gradle Test Executor 3' finished with non-zero exit value 139", "SIGSEGV"),
        ("Process 'Gradle Test Executor 3' finished with non-zero exit value 1", None),
        ("*** Signal 11", "SIGSEGV"),
        ("*** Signal 15", None),
        ("*** Error code 139", "SIGSEGV"),
        ("*** Error code 1", None),
        ("# terminated by SIGSEGV", "SIGSEGV"),
    ],
)
def test_what_the_makes_and_shells_of_others_say(line: str, signal: str | None) -> None:
    assert read_signal(line) == signal
