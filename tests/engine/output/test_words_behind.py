# ruff: noqa: E501 - a table: what programs print, line by line
"""Words that are so peculiar that they mean the same behind any other text."""

import pytest

from tests.engine.output.test_words import told

BEHIND = r"""
panic thread 'main' panicked at src/main.rs:4:5:
crash thread panicked while panicking. aborting.
crash thread 'main' (4711) has overflowed its stack
crash fatal runtime error: stack overflow, aborting
oom memory allocation of 17179869184 bytes failed
crash thread caused non-unwinding panic. aborting.
panic http: panic serving 127.0.0.1:40512: runtime error: index out of range
panic [Recovery] 2026/01/01 - 00:00:00 panic recovered:
panic Observed a panic: "invalid memory address"
crash runtime: goroutine stack exceeds 1000000000-byte limit
crash runtime: program exceeds 10000-thread limit
oom runtime: failed to create new OS thread (have 5 already; errno=11)
panic Exception in thread "main" java.lang.IllegalStateException: closed
crash A fatal error has been detected by the Java Runtime Environment:
oom OutOfMemoryError: Java heap space
oom insufficient memory for the Java Runtime Environment to continue.
panic Task exception was never retrieved
crash Fatal Python error: Segmentation fault
crash FATAL ERROR: v8::ToLocalChecked Empty MaybeLocal
crash EXCEPTION_ACCESS_VIOLATION (0xc0000005) at pc=0x0000, pid=1, tid=2
crash Unhandled page fault on read access to 0x0 at address 0x40
oom pq: sorry, too many clients already
oom OutOfMemoryException: Exception of type was thrown
crash Crash dump is being written to: erl_crash.dump...done
panic =CRASH REPORT==== 1-Jan-2026::00:00:00 ===
panic {"Kernel pid terminated",application_controller,"x"}
panic Error in process <0.9.0> with exit value:
oom _alloc: Cannot allocate 1140328500 bytes of memory (of type "heap").
crash terminate called after throwing an instance of 'std::runtime_error'
crash libc++abi: Pure virtual function called!
oom instance of 'std::bad_alloc'
crash terminating due to uncaught exception of type int
crash .swift:600: Fatal error: Index out of range
crash Assertion failed: (x > 0), function main, file a.c, line 3.
crash *** buffer overflow detected ***: terminated
crash double free or corruption (fasttop)
crash malloc(): corrupted top size
crash Fatal glibc error: malloc.c:2599 (sysmalloc): assertion failed
crash AddressSanitizer CHECK failed: x.cpp:12
crash c:31:9: runtime error: signed integer overflow: 2147483647 + 1
oom Sanitizer: requested allocation size 0xffff exceeds maximum supported size (allocation-size-too-big)
crash SUMMARY: ThreadSanitizer: data race /x/a.c:12 in main
crash ==12== Invalid read of size 4
crash ==12==    definitely lost: 4,096 bytes in 1 blocks
crash timeout: the monitored command dumped core
panic ** (exit) an exception was raised:
crash [BUG] Segmentation fault at 0x0000000000000000
oom Fatal error:  Out of memory (allocated 2097152) (tried to allocate 1 bytes)
oom Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes)
oom oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null)
crash soak[4711]: segfault at 0 ip 00000000004 sp 7f error 4 in soak[400000+1000]
oom Out of memory and no killable processes...
oom TCP: out of memory -- consider tuning tcp_mem
crash rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
crash detected hard LOCKUP on cpu 1
crash Kernel panic - not syncing: Fatal exception
crash Process 4711 (soak) of user 0 dumped core.
oom killed by the OOM killer.
oom Os { code: 24, kind: Uncategorized, message: "Too many open files" }
oom errno=24
oom (SystemLimitError) a system limit has been reached
crash unsafe precondition(s) violated: slice::get_unchecked requires that the index is within the slice
crash The forked VM terminated without properly saying goodbye. VM crash?
oom os::commit_memory(0x1, 2, 0) failed; error='Not enough space'
crash node down: Not properly terminated
oom RuntimeError: can't start new thread
panic [UnhandledPromiseRejection: This error originated either by throwing inside of an async function
panic  level=dpanic msg="boom"
crash [nodemon] app crashed - waiting for file changes before starting...
crash Test host process crashed
crash *** Aborted at 1700000000 (unix time) try "date -d @1700000000" if you are using GNU date ***
crash ASSERT: "x" in file a.cpp, line 12
crash Fortran runtime error: Index '5' of dimension 1 of array 'a' above upper bound of 3
crash *** Process received signal ***
crash ! Terminating timed out worker (worker failed to check in within 60 seconds): 12
panic An unhandled exception occurred at $0000000000400229:
crash [critical][assert] [source/common/x.cc:12] assert failure: x != nullptr.
crash InnoDB: Assertion failure in thread 140 in file row0mysql.cc line 12
crash fatal error in thread [elasticsearch[n1][search][T#3]], exiting
crash Server terminated abruptly (error code: 14, error message: 'Socket closed', log file: '/x/java.log')
crash Gradle build daemon disappeared unexpectedly (it may have been killed or may have crashed)
crash [vitest-pool]: Worker forks emitted error.
crash page.goto: Page crashed
crash WORKER TIMEOUT (pid:12)
crash mimalloc: error: buffer overflow in heap block 0x7f of size 16
crash <jemalloc>: size mismatch detected (true size 16 vs input size 32), likely caused by application sized deallocation bugs
crash error while executing at wasm backtrace:
crash *** Program crashed: Bad pointer dereference at 0x0 ***
oom Heap exhausted;
crash stack overflow: use +RTS -K<size> to increase it
panic .hs:(3,1)-(4,2): Non-exhaustive patterns in function f
oom Out of memory in perl:xsutils
oom failed to allocate memory (NoMemoryError)
crash stack level too deep (SystemStackError)
panic #<Thread:0x0000 a.rb:1 run> terminated with exception (report_on_exception is true):
oom cannot allocate vector of size 8.0 Gb
crash === VALKEY BUG REPORT START: Cut & paste starting from here ===
crash FATAL: bug condition "x" matched at src/a.c:12
crash sSanitizer:DEADLYSIGNAL
crash ==17== ERROR: libFuzzer: out-of-memory (malloc(4294967296))
oom ERROR: libFuzzer: out-of-memory (malloc(4294967296))
crash malloc: Incorrect checksum for freed object 0x7f: probably modified after being freed.
crash Scudo ERROR: corrupted chunk header at address 0x1
crash ==12== Possible data race during write of size 4 at 0x1 by thread #1
crash Assertion failed: x (a.c: main: 3)
crash ERROR:a.c:12:main: code should not be reached
crash ***Exception: SegFault  0.10 sec
crash Failed with result 'core-dump'.
crash BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES
oom Detected 1 oom-kill event(s) in StepId=12.0
oom OOMKilled
crash CUDA error: an illegal memory access was encountered
crash kernel BUG at mm/slub.c:12!
oom create Thread: Resource temporarily unavailable
oom Cannot allocate memory
oom ENOSPC
oom EADDRNOTAVAIL 127.0.0.1:80
oom database or disk is full
oom User limit of inotify watches reached
oom out of memory
oom Connection is not available, request timed out after 30000ms.
oom ConnectionPoolTimeoutException: Timeout waiting for connection from pool
oom Pool empty. Unable to fetch a connection in 30 seconds, none available[size:100; busy:100; idle:0; lastwait:30000].
oom Cannot get a connection, pool error Timeout waiting for idle object
oom QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00
oom PoolTimeout: couldn't get a connection after 30.00 sec
oom prior to obtaining a connection from the pool.
oom could not obtain a connection from the pool within 5.000 seconds (waited 5.001 seconds)
oom Timed out fetching a new connection from the connection pool. More info: http://pris.ly/d/connection-pool
oom pool timed out while waiting for an open connection
oom redis: connection pool timeout
oom since the pool is exhausted
oom MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.
oom memory resource limit alarm set on node rabbit@box.
oom mvcc: database space exceeded
oom flood stage disk watermark [95%] exceeded on [x][n1][/data] free: 1gb[2%]
oom ERROR:  out of shared memory
oom Out of memory (Needed 1048576 bytes)
oom ORA-00020: maximum number of processes (150) exceeded
oom insufficient system memory in resource pool 'default' to run this query.
oom reached process FD limit (maxsock=2049). Please check 'ulimit-n' and restart.
oom uWSGI listen queue of socket "127.0.0.1:3031" (fd: 3) full !!! (101/100) ***
oom server reached pm.max_children setting (5), consider raising it
oom server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting
oom All threads (200) are currently busy, waiting. Increase maxThreads (200) or check the servlet status
oom OutOfDirectMemoryError: failed to allocate 16777216 byte(s) of direct memory
oom socket.accept() out of system resource
oom [Errno -10] Memory allocation failure
oom error:0A0C0041:SSL routines::malloc failure
oom JVM heap space is exhausted
oom killed due to the node running low on memory.
oom killed by YARN for exceeding memory limits. 5.5 GB of 5.5 GB physical memory used.
oom TERM_MEMLIMIT: job killed after reaching LSF memory usage limit.
oom page allocation failure: order:4, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)
oom Possible SYN flooding on port 9092. Sending cookies.
"""


@pytest.mark.parametrize("said", BEHIND.strip("\n").split("\n"))
def test_peculiar_words_are_found_behind_any_text(said: str) -> None:
    kind, _, line = said.partition(" ")
    assert kind in told(f"and then it said {line}")
