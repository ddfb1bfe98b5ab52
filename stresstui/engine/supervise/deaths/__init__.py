"""Deaths that nobody reports: told from the kernel's counts and its log."""
