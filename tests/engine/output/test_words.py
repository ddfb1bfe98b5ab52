# ruff: noqa: E501 - a table: what programs print, line by line
"""One line for each thing that the tables of words know: each is found, and behind other words where those may stand."""

import pytest

from stresstui.engine.output.crash import Crashed, read_crash
from stresstui.engine.output.ended import read_signal
from stresstui.engine.output.gate import look

PANIC = r"""
http: panic serving 127.0.0.1:40512: runtime error: index out of range
[Recovery] 2026/01/01 - 00:00:00 panic recovered:
Exception ignored in thread started by: <function run at 0x7f>
Unhandled exception in thread started by <function run at 0x7f>
Uncaught TypeError: x is not a function
Uncaught (in promise) Error: no route
Unhandled exception. System.InvalidOperationException: closed
2026-01-01 =CRASH REPORT==== 1-Jan-2026::00:00:00 ===
** Generic server relay terminating
[error] GenServer Relay terminating
Error: unhandled exception: over- or underflow [OverflowDefect]
PHP Fatal error:  Uncaught RuntimeException: closed in /a.php:3
Fatal error: Uncaught Exception: boom in /a.php:3
Deno has panicked. This is a bug in Deno.
called `Result::unwrap()` on an `Err` value: JoinError::Panic(Id(12), ...)
[UnhandledPromiseRejection: This error originated either by throwing inside of an async function
(Use `node --trace-uncaught ...` to show where the exception was thrown)
Unhandled Promise Rejection: Error: boom
unhandledRejection: Error: boom
UNCAUGHT EXCEPTION: boom
ERROR: Uncaught exception in worker: KeyError('a')
UNHANDLED EXCEPTION: boom
Unhandled exception: boom
time="x" level=dpanic msg="boom"
{"level":"dpanic","msg":"boom"}
2026-01-01T00:00:00Z	PANIC	main.go:3	boom
2026-01-01T00:00:00Z	DPANIC	main.go:3	boom
ERROR: InitError: BoundsError: x
ERROR: TaskFailedException
ERROR: StackOverflowError:
object.Exception@source/app.d(3): boom
lua5.4: a.lua:3: attempt to call a nil value (global 'f')
lua: soak:3: attempt to compare nil with number
lua: run.lua:7: boom
Uncaught Kotlin exception: kotlin.IllegalStateException: boom
An unhandled exception occurred at $0000000000400229:
"""

CRASH = r"""
unexpected fault address 0x7f0000000000
SIGSEGV: segmentation violation
SIGILL: illegal instruction
SIGBUS: bus error
SIGFPE: floating-point exception
fatal: systemstack called from unexpected goroutine
#  Internal Error (sharedRuntime.cpp:1), pid=1, tid=2
#  EXCEPTION_ACCESS_VIOLATION (0xc0000005) at pc=0x0000, pid=1, tid=2
FATAL ERROR: v8::ToLocalChecked Empty MaybeLocal
# Fatal error in , line 0
EXCEPTION_ACCESS_VIOLATION reading 0x0
soak.exe exited with code 0xC0000005
soak.exe exited with code -1073741819
Fatal error. System.AccessViolationException: Attempted to read or write protected memory.
Process terminated. Assertion failed.
Process is terminating due to StackOverflowException.
Stack overflow.
Crash dump is being written to: erl_crash.dump...done
libc++abi: terminating due to uncaught exception of type int
libc++abi: Pure virtual function called!
libc++abi.dylib: terminating with uncaught exception of type int
pure virtual method called
terminating with uncaught exception of type int
[0101/000000.000:FATAL:relay.cc(12)] Check failed: x == y.
F1126 17:00:01.123456  1234 check.cc:12] CHECK failed: x
[libprotobuf FATAL google/protobuf/message_lite.cc:449] CHECK failed: target + size == res:
Fatal error: Unexpectedly found nil while unwrapping an Optional value
Oh no: Bun has crashed. This indicates a bug in Bun
Assertion failed: (x > 0), function main, file a.c, line 3.
*** buffer overflow detected ***: terminated
*** longjmp causes uninitialized stack frame ***: terminated
*** bit out of range 0 - FD_SETSIZE on fd_set ***: terminated
*** %n in writable segment detected ***
*** invalid %N$ use detected ***
malloc(): corrupted top size
realloc(): invalid next size
calloc(): corrupted next size
munmap_chunk(): invalid pointer
malloc_consolidate(): unaligned fastbin chunk detected
mremap_chunk(): invalid pointer
tcache_thread_shutdown(): unaligned tcache chunk detected
soak: malloc.c:2617: sysmalloc: Assertion `(old_top == initial_top (av))' failed.
sysmalloc: Assertion failed
corrupted size vs. prev_size while consolidating
corrupted double-linked list
Fatal glibc error: malloc.c:2599 (sysmalloc): assertion failed
AddressSanitizer CHECK failed: x.cpp:12
==12== Invalid read of size 4
==12== Invalid free() / delete / delete[] / realloc()
==12== Process terminating with default action of signal 11 (SIGSEGV)
==12== Conditional jump or move depends on uninitialised value(s)
==12== Use of uninitialised value of size 8
==12== Mismatched free() / delete / delete []
==12== Source and destination overlap in memcpy(0x1, 0x2, 3)
==12== Jump to the invalid address stated on the next line
==12==    definitely lost: 4,096 bytes in 1 blocks
==12== Possible data race during write of size 4 at 0x1 by thread #1
a.rb:3: [BUG] Segmentation fault at 0x0000000000000000
[12.3] soak[4711]: segfault at 0 ip 00000000004 sp 7f error 4 in soak[400000+1000]
traps: soak[12] general protection fault ip:4 sp:7 error:0 in soak[4+1]
traps: soak[12] trap invalid opcode ip:4 sp:7 error:0 in soak[4+1]
traps: soak[12] trap divide error ip:55 sp:7f error:0 in soak[55+1000]
traps: soak[12] trap int3 ip:55 sp:7f error:0
rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
rcu: INFO: rcu_sched self-detected stall on CPU
general protection fault, probably for non-canonical address 0x1: 0000 [#1] SMP
Kernel panic - not syncing: Fatal exception
NMI watchdog: Watchdog detected hard LOCKUP on cpu 1
kernel BUG at mm/slub.c:12!
systemd-coredump[12]: Process 4711 (soak) of user 0 dumped core.
soak.service: Failed with result 'core-dump'.
unsafe precondition(s) violated: slice::get_unchecked requires that the index is within the slice
thread panicked while processing panic. aborting.
error: Undefined Behavior: out-of-bounds pointer use
[gw0] node down: Not properly terminated
worker 'gw0' crashed while running 'tests/a.py::test_b'
[nodemon] app crashed - waiting for file changes before starting...
The active test run was aborted. Reason: Test host process crashed
*** Aborted at 1700000000 (unix time) try "date -d @1700000000" if you are using GNU date ***
INFO: Control stack guard page unprotected
debugger invoked on a SIMPLE-ERROR in thread
<jemalloc>: size mismatch detected (true size 16 vs input size 32), likely caused by application sized deallocation bugs
*** Program crashed: Bad pointer dereference at 0x0 ***
===== CRASH =====
    (GHC version 9.4.7 for x86_64_unknown_linux)
fatal error encountered in SBCL pid 12 tid 12:
soak: stack overflow: use +RTS -K<size> to increase it
	Native Crash Reporting
=== VALKEY BUG REPORT START: Cut & paste starting from here ===
FATAL: bug condition "x" matched at src/a.c:12
Invariant failure opCtx src/mongo/db/x.cpp 12
Fatal assertion 28558 NoSuchKey
soak(12,0x1) malloc: Incorrect checksum for freed object 0x7f: probably modified after being freed.
Scudo ERROR: corrupted chunk header at address 0x1
*** GWP-ASan detected a memory error ***
fatal allocator error: invalid free
Attempt to free invalid pointer 0x7f
ERROR:a.c:12:main: code should not be reached
(soak:12): GLib-ERROR **: 00:00:00.000: boom
=   BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES
CUDA error: an illegal memory access was encountered
CUDA error: device-side assert triggered
wasm trap: indirect call type mismatch
RuntimeError: unreachable
RuntimeError: memory access out of bounds
Fortran runtime error: Index '5' of dimension 1 of array 'a' above upper bound of 3
Runtime error 216 at $0000000000401234
[1] ! Terminating timed out worker (worker failed to check in within 60 seconds): 12
[2026-01-01 00:00:00.000][12][critical][assert] [source/common/x.cc:12] assert failure: x != nullptr.
InnoDB: Assertion failure in thread 140 in file row0mysql.cc line 12
[ERROR] [MY-013183] [InnoDB] Assertion failure: btr0cur.cc:296:x thread 140
fatal error in thread [elasticsearch[n1][search][T#3]], exiting
Server terminated abruptly (error code: 14, error message: 'Socket closed', log file: '/x/java.log')
Gradle build daemon disappeared unexpectedly (it may have been killed or may have crashed)
Error: Call retries were exceeded
Error: [vitest-pool]: Worker forks emitted error.
page.goto: Page crashed
unknown error: session deleted because of page crash from tab crashed
session deleted because of page crash
unknown error: tab crashed
"""

OOM = r"""
memory allocation of 17179869184 bytes failed
runtime: out of memory
There is insufficient memory for the Java Runtime Environment to continue.
MemoryError
numpy.core._exceptions._ArrayMemoryError: Unable to allocate 8.00 GiB
JavaScript heap out of memory
pq: sorry, too many clients already
FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute
ERR max number of clients reached
System.OutOfMemoryException: Exception of type was thrown
eheap_alloc: Cannot allocate 1140328500 bytes of memory (of type "heap").
==1==ERROR: AddressSanitizer: requested allocation size 0xffff exceeds maximum supported size (allocation-size-too-big)
==1==ERROR: AddressSanitizer: out-of-memory: allocator is trying to allocate 0x10000
AddressSanitizer failed to allocate 0x1000 bytes
Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes)
Out of memory: Kill process 4711 (soak) score 900 or sacrifice child
oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null)
soak invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0
TCP: out of memory -- consider tuning tcp_mem
TCP: too many orphaned sockets
neighbour: arp_cache: neighbor table overflow!
soak.service: A process of this unit has been killed by the OOM killer.
soak.service: Failed with result 'oom-kill'.
** (SystemLimitError) a system limit has been reached
acceptor: emfile
{error,enfile}
{error,eaddrnotavail}
error: OutOfMemory
error: SystemResources
make: cannot allocate 65536 bytes
OpenJDK 64-Bit Server VM warning: os::commit_memory(0x1, 2, 0) failed; error='Not enough space'
RuntimeError: can't start new thread
<jemalloc>: Error allocating TSD
soak: Heap exhausted;
lua: not enough memory
luajit: not enough memory
Out of memory in perl:xsutils
Out Of Memory allocating 65536 bytes
can't create Thread: Resource temporarily unavailable
slurmstepd: error: Detected 1 oom-kill event(s) in StepId=12.0
slurmstepd: error: Detected 1 oom_kill event in StepId=12.0. Some of the step tasks have been OOM Killed.
    Reason:       OOMKilled
            "OOMKilled": true,
sh: 1: Cannot fork
failed to spawn thread: Os { code: 11, kind: WouldBlock, message: "x" }
mmap: Cannot allocate memory
fork/exec /bin/true: cannot allocate memory
error: memory (os error 12)
error: files (os error 24)
accept: ENFILE
read: ENOMEM
write failed: ENOSPC
write failed: EDQUOT
write failed (os error 28)
connect EADDRNOTAVAIL 127.0.0.1:80
connect failed (os error 99)
send failed (os error 105)
ephemeral ports exhausted
User limit of inotify watches reached
512 worker_connections are not enough
errno=24
Error: errno: 24
error: SocketException (24)
OSError(28, 'x')
java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms.
org.apache.http.conn.ConnectionPoolTimeoutException: Timeout waiting for connection from pool
pymongo.errors.WaitQueueTimeoutError: Timed out while checking out a connection from connection pool. maxPoolSize: 100
com.mongodb.MongoWaitQueueFullException: Too many operations are already waiting for a connection.
reactor.pool.PoolAcquireTimeoutException: Pool#acquire(Duration) has been pending for more than the configured timeout
org.apache.tomcat.jdbc.pool.PoolExhaustedException: [main] Timeout
redis.clients.jedis.exceptions.JedisExhaustedPoolException: x
unable to start container process: fork/exec: resource temporarily unavailable
org.apache.tomcat.jdbc.pool.PoolExhaustedException: [main] Timeout: Pool empty. Unable to fetch a connection in 30 seconds, none available[size:100; busy:100; idle:0; lastwait:30000].
Cannot get a connection, pool error Timeout waiting for idle object
sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00
psycopg_pool.PoolTimeout: couldn't get a connection after 30.00 sec
Timeout expired.  The timeout period elapsed prior to obtaining a connection from the pool.
could not obtain a connection from the pool within 5.000 seconds (waited 5.001 seconds)
Timed out fetching a new connection from the connection pool. More info: http://pris.ly/d/connection-pool
KnexTimeoutError: Knex: Timeout acquiring a connection. The pool is probably full. Are you missing a .transacting(trx) call?
pool timed out while waiting for an open connection
redis: connection pool timeout
JedisExhaustedPoolException: Could not get a resource since the pool is exhausted
psycopg2.pool.PoolError: connection pool exhausted
(error) MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.
MISCONF Valkey is configured to save RDB snapshots, but it's currently unable to persist to disk.
memory resource limit alarm set on node rabbit@box.
file descriptor limit alarm set.
etcdserver: mvcc: database space exceeded
flood stage disk watermark [95%] exceeded on [x][n1][/data] free: 1gb[2%]
ERROR:  out of shared memory
ORA-00020: maximum number of processes (150) exceeded
ORA-04031: unable to allocate 4096 bytes of shared memory
ORA-01653: unable to extend table X.Y by 128 in tablespace Z
There is insufficient system memory in resource pool 'default' to run this query.
[ERROR] mysqld: Out of memory (Needed 1048576 bytes)
Proxy http reached process FD limit (maxsock=2049). Please check 'ulimit-n' and restart.
Proxy www reached the configured maximum connection limit. Please check the global 'maxconn' value.
*** uWSGI listen queue of socket "127.0.0.1:3031" (fd: 3) full !!! (101/100) ***
WARNING: [pool www] server reached pm.max_children setting (5), consider raising it
AH00484: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting
server reached MaxClients setting, consider raising the MaxClients setting
All threads (200) are currently busy, waiting. Increase maxThreads (200) or check the servlet status
io.netty.util.internal.OutOfDirectMemoryError: failed to allocate 16777216 byte(s) of direct memory
socket.accept() out of system resource
BlockingIOError: [Errno 11] Resource temporarily unavailable
socket.gaierror: [Errno -10] Memory allocation failure
getaddrinfo: Memory allocation failure
getaddrinfo EAI_MEMORY example.com
SSL_CTX_new: error:0A0C0041:SSL routines::malloc failure
Expiring Daemon because JVM heap space is exhausted
Task was killed due to the node running low on memory.
Container killed by YARN for exceeding memory limits. 5.5 GB of 5.5 GB physical memory used.
Container is running 12345B beyond the 'PHYSICAL' memory limit.
Container [pid=12,containerID=x] is running beyond physical memory limits.
TERM_MEMLIMIT: job killed after reaching LSF memory usage limit.
=>> PBS: job killed: mem 2097152kb exceeded limit 1048576kb
srun: error: node1: task 0: Out Of Memory
soak: page allocation failure: order:4, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)
SLUB: Unable to allocate memory on node -1, gfp=0xa20(GFP_ATOMIC)
TCP: request_sock_TCP: Possible SYN flooding on port 9092. Sending cookies.
kernel: possible SYN flooding on port 80. Dropping request.  Check SNMP counters.
"""

SHELLS = """
SIGSEGV Segmentation fault|Speicherzugriffsfehler|Erreur de segmentation|Violación de segmento|Falha de segmentação|Errore di segmentazione|Ошибка сегментирования|段错误|Naruszenie ochrony pamięci|Segmentatiefout
SIGBUS Bus error|Erreur du bus|Error en el bus|Erro de barramento|Errore di bus|Ошибка шины|总线错误|Błąd szyny
SIGABRT Aborted|Abort trap
SIGKILL Killed|Getötet|Processus arrêté|Terminado (killed)|Ucciso|Убито|已杀死|強制終了|Unicestwiony|Geëlimineerd
SIGILL Illegal instruction|Ungültiger Maschinenbefehl|Instruction non permise|Instrucción ilegal|Instrução ilegal|Istruzione non consentita|Недопустимая инструкция|非法指令
SIGTRAP Trace/breakpoint trap|Trace/BPT trap
SIGXFSZ File size limit exceeded|Filesize limit exceeded
SIGXCPU CPU time limit exceeded|Cputime limit exceeded
SIGFPE Floating point exception|Arithmetic exception|Gleitkomma-Ausnahme|Exception en point flottant|Excepción de coma flotante|Exceção de ponto flutuante|浮点数例外
SIGSYS Bad system call
"""
"""What a shell says of a child that a signal ended, in the languages of its users."""

WITH_A_CORE = (
    "Abgebrochen (Speicherabzug geschrieben)", "Abandon (image mémoire enregistrée)", "Abortado (`core' generado)",
    "Abortado (imagem do núcleo gravada)", "Annullato (core dump creato)", "Аварийный останов (стек памяти сброшен на диск)",
    "Аварийный останов (сделан дамп памяти)", "已放弃 (核心已转储)", "已放弃 (吐核)", "已中止 (核心已转储)", "中止 (コアダンプ)",
    "Przerwane (zrzut pamięci)", "Afgebroken (geheugendump gemaakt)", "Aborted (core dumped)",
)  # fmt: skip

LINES = [
    (kind, line)
    for kind, text in (("panic", PANIC), ("crash", CRASH), ("oom", OOM))
    for line in text.strip("\n").split("\n")
]


def told(line: str) -> list[str]:
    return [one.signal if isinstance(one, Crashed) else one.pattern for one in read_crash(1.0, look(line))]


@pytest.mark.parametrize(("kind", "line"), LINES)
def test_each_word_is_found(kind: str, line: str) -> None:
    assert kind in told(line)


@pytest.mark.parametrize(("signal", "word"), [
    (signal, word) for signal, _, words in (line.partition(" ") for line in SHELLS.strip().split("\n")) for word in words.split("|")
])  # fmt: skip
def test_a_shell_says_which_signal_ended_a_child(signal: str, word: str) -> None:
    assert read_signal(f"./run.sh: line 3: 12345 {word}      ./soak") == signal


@pytest.mark.parametrize("line", WITH_A_CORE)
def test_words_for_other_things_are_a_signal_where_a_core_was_dumped(line: str) -> None:
    assert read_signal(line) == "SIGABRT"


@pytest.mark.parametrize(
    "line",
    [
        "pass: EMFILE",
        "Process terminated. Exit code 0.",
        "fatal error: x.h: No such file or directory",
        "fatal error: 'x.h' file not found",
        "fatal error: too many errors emitted, stopping now [-ferror-limit=]",
        "Crash dump is being written to: nowhere",
        "connect: cannot assign requested address means that ports ran out",
        "OOMKilled=false ExitCode=0",
        "docs: OOMKilled is shown when the limit was hit",
        "README: Too many open files, what to do",
        '            "OOMKilled": false,',
        "HikariPool-1 - Start completed.",
        "net.ipv4.tcp_syncookies = 1 # against possible SYN flooding on ports",
        "file descriptor limit alarm cleared.",
        "flood stage disk watermark [95%] is the default",
        "pool is exhausted: 0",
        "what to do when the pool is exhausted",
        "expected: QueuePool limit of size 5 overflow 10 reached",
        "#define EAI_MEMORY -10",
        "retrying after BlockingIOError: [Errno 11] Resource temporarily unavailable",
        "page allocation failure count: 0",
        "Runtime error rate: 0",
        "traps: 3 were set",
    ],
)
def test_words_that_are_only_alike(line: str) -> None:
    assert told(line) == []
