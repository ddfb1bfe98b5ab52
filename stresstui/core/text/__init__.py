"""Text that others wrote: cut into lines, cleaned for terminals; secrets and expressions found in it."""
