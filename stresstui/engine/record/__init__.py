"""Events to the disk and back: the journal, and everything that an event passes through on its way there."""
