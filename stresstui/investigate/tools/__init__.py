"""The system's own tools, each asked and read: perf, heaptrack, py-spy, and leaks and sample on macOS."""
