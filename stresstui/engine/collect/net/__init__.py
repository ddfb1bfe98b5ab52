"""Socket tables and network counters of the kernel, and whose sockets they are."""
