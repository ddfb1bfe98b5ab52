"""The lab's programs as processes: how they are started and what they announce."""
