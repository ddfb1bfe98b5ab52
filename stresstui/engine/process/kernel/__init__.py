"""What the kernel says of a process: whom it ended, where threads wait, which mappings hold memory, who is frozen."""
