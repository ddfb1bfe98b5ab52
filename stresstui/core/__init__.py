"""Pure: no I/O, no clock, no processes. From events to a run that is judged, in values and functions of values."""
