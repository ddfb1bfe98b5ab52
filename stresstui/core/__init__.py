"""Pure: no I/O, no clock, no processes. Everything here is a value or a function of values."""
