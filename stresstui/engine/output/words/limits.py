# ruff: noqa: E501 - a table: one row each
"""What pools, servers, schedulers and the kernel print when a limit is reached: one row each, as in ``crash``. Data."""

from typing import Final

from stresstui.engine.output.words.crash import OOM, CrashWord

LIMIT_WORDS: Final = (
    CrashWord("JVM pools", OOM, ("onnection is not available, request timed out",), r"\b[Cc]onnection is not available, request timed out after \d+ ?ms", anywhere=True),
    CrashWord("pools", OOM, ("PoolTimeout", "PoolAcquire", "PoolExhausted", "ExhaustedPool", "WaitQueueTimeout", "WaitQueueFull"),
              r"\b\w*(?:Pool(?:Acquire)?(?:Timeout|Exhausted)|ExhaustedPool|WaitQueue(?:Timeout|Full))(?:Exception|Error): \S", anywhere=True),
    CrashWord("JVM pools", OOM, ("Pool empty. Unable to fetch",), r"\bPool empty\. Unable to fetch a connection in \d", anywhere=True),
    CrashWord("JVM pools", OOM, ("pool error Timeout waiting",), r"Cannot get a connection, pool error Timeout waiting", anywhere=True),
    CrashWord("Python pools", OOM, ("QueuePool limit of size",), r"QueuePool limit of size \d+ overflow -?\d+ reached, connection timed out", anywhere=True),
    CrashWord("Python pools", OOM, ("PoolTimeout: couldn't get",), r"PoolTimeout: couldn't get a connection after \d", anywhere=True),
    CrashWord(".NET pools", OOM, ("obtaining a connection from the pool",), r"prior to obtaining a connection from the pool", anywhere=True),
    CrashWord("Ruby pools", OOM, ("a connection from the pool within",), r"could not obtain a connection from the pool within \d", anywhere=True),
    CrashWord("Node pools", OOM, ("from the connection pool. More info", "Timeout acquiring a connection. The pool"),
              r"Timed out fetching a new connection from the connection pool\. |Knex: Timeout acquiring a connection\. The pool is probably full", anywhere=True),
    CrashWord("Rust pools", OOM, ("pool timed out while waiting",), r"\bpool timed out while waiting for an open connection", anywhere=True),
    CrashWord("Go pools", OOM, ("redis: connection pool",), r"\bredis: connection pool (?:timeout|exhausted)", anywhere=True),
    CrashWord("pools", OOM, ("pool is exhausted", "pool exhausted"), r"(?:since the |[:;,] |^)(?:connection )?pool (?:is )?exhausted\b", anywhere=True),
    CrashWord("Redis", OOM, ("MISCONF Redis is", "MISCONF Valkey is"), r"\bMISCONF \w+ is configured to save RDB snapshots, but\b", anywhere=True),
    CrashWord("RabbitMQ", OOM, ("limit alarm set",), r"\b(?:memory|disk) resource limit alarm set on node|\bfile descriptor limit alarm set\b", anywhere=True),
    CrashWord("etcd", OOM, ("database space exceeded",), r"\bmvcc: database space exceeded", anywhere=True),
    CrashWord("Elasticsearch", OOM, ("stage disk watermark",), r"flood[- ]stage disk watermark \[.*?\] exceeded on", anywhere=True),
    CrashWord("PostgreSQL", OOM, ("out of shared memory",), r"\bERROR: +out of shared memory", anywhere=True),
    CrashWord("MySQL", OOM, ("ut of memory (",), r"\b[Oo]ut of memory \((?:[Nn]eeded|needed) \d", anywhere=True),
    CrashWord("Oracle", OOM, ("ORA-000", "ORA-04", "ORA-016"), r"\bORA-(?:00018|00020|04030|04031|0165[0-8]|01688): \S", anywhere=True),
    CrashWord("SQL Server", OOM, ("nsufficient system memory in",), r"\binsufficient system memory in resource pool", anywhere=True),
    CrashWord("HAProxy", OOM, ("reached process FD limit", "configured maximum connection limit"), r"reached process FD limit \(|reached the configured maximum connection limit", anywhere=True),
    CrashWord("uWSGI", OOM, ("uWSGI listen queue of socket",), r"uWSGI listen queue of socket .* full !!!", anywhere=True),
    CrashWord("PHP", OOM, ("server reached pm.max_children",), r"server reached pm\.max_children setting \(", anywhere=True),
    CrashWord("Apache", OOM, ("server reached MaxRequestWorkers", "server reached MaxClients"), r"server reached (?:MaxRequestWorkers|MaxClients) setting", anywhere=True),
    CrashWord("Tomcat", OOM, (" currently busy, waiting. Increase",), r"All threads \(\d+\) are currently busy, waiting\. Increase", anywhere=True),
    CrashWord("Netty", OOM, ("OutOfDirectMemoryError",), r"\bOutOfDirectMemoryError: \S", anywhere=True),
    CrashWord("asyncio", OOM, ("out of system resource",), r"socket\.accept\(\) out of system resource", anywhere=True),
    CrashWord("Python", OOM, ("BlockingIOError: [Errno 11]",), r"\bBlockingIOError: \[Errno 11\] Resource temporarily unavailable"),
    CrashWord("resolver", OOM, ("Memory allocation failure", "EAI_MEMORY"),
              r"(?:\[Errno -10\] |\bgetaddrinfo(?:\(\))?[^:]{0,80}: )Memory allocation failure|\bgetaddrinfo EAI_MEMORY\b", anywhere=True),
    CrashWord("OpenSSL", OOM, ("malloc failure",), r"\berror:[0-9A-F]{8}:.*:malloc failure", anywhere=True),
    CrashWord("Gradle", OOM, ("JVM heap space is exhausted",), r"JVM heap space is exhausted", anywhere=True),
    CrashWord("Ray", OOM, ("node running low on memory",), r"killed due to the node running low on memory", anywhere=True),
    CrashWord("YARN", OOM, ("for exceeding memory limits", "beyond physical memory limits", "beyond the 'PHYSICAL' memory limit"),
              r"killed by YARN for exceeding memory limits|running beyond physical memory limits|is running \d+B beyond the 'PHYSICAL' memory limit", anywhere=True),
    CrashWord("schedulers", OOM, ("TERM_MEMLIMIT: ", "PBS: job killed: ", ": Out Of Memory"), r"\bTERM_MEMLIMIT: job killed|PBS: job killed: (?:mem|vmem) |^srun: error: .*: tasks? [\d,-]+: Out Of Memory", anywhere=True),
    CrashWord("kernel", OOM, ("page allocation failure: ", "Unable to allocate memory on node"), r"\bpage allocation failure: order:\d|SLUB: Unable to allocate memory on node", anywhere=True),
    CrashWord("kernel", OOM, ("SYN flooding on port ",), r"\b[Pp]ossible SYN flooding on port \S+\. (?:Sending cookies|Dropping request)", anywhere=True),
)  # fmt: skip
