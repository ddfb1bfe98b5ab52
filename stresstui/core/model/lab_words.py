"""The names that the lab's command line takes, known without the lab, so that a scenario's file can be checked."""

from typing import Final

PROTOCOLS: Final = ("ech", "hysteria", "hysteria1", "hysteria2", "plain", "reality", "ssh", "tuic")
"""What it can tunnel with."""
PROFILES: Final = ("steady", "connection_rate", "large_transfer", "memory_leak", "fd_leak")
"""Shapes of its load."""
OPTIONS: Final = {
    "rate": "a number from 0 on", "concurrency": "a whole number from 1 on", "payload": "a size such as 64KiB",
    "throughput": "a size such as 64KiB", "flows": "a whole number from 0 on", "drivers": "a whole number from 1 to 64",
    "close": "fin or rst", "duration": "a time such as 60s", "cool-down": "a time such as 60s",
    "max-duration": "a time such as 60s", "interval": "a time such as 60s", "restarts": "a whole number from 0 on",
    "settle": "a time such as 60s", "rotate-every": "a time such as 60s", "visit-every": "a time such as 60s",
    "stall-every": "a time such as 60s", "stall": "a time such as 60s", "seed": "a whole number",
    "serve": "an address", "invitation": "a file",
}  # fmt: skip
"""Its further options without their dashes, and what each is to be."""
