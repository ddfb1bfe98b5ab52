"""What only shows something else: a diff, what git and grep say, where a traceback tells what was tried."""

import pytest

from stresstui.core.model.event import Matched
from stresstui.core.model.scenario import Scenario
from stresstui.engine.output.crash import Crashed
from stresstui.engine.output.line_reader import LineReader


def told(text: str) -> list[str]:
    reader = LineReader(Scenario(name="x"))
    found = [one for line in text.splitlines() for one in reader.read(1.0, line.encode())]
    return [
        one.signal if isinstance(one, Crashed) else one.pattern for one in found if isinstance(one, Crashed | Matched)
    ]


TRACEBACK = """\
Traceback (most recent call last):
  File "/srv/relay.py", line 9, in main
    {call}
  File "/usr/lib/python3.11/socket.py", line 4, in {name}
    {inner}
OSError: [Errno 99] Cannot assign requested address
"""
BIND = TRACEBACK.format(call="serve(address)", name="bind", inner="self.sock.bind(address)")
CONNECT = TRACEBACK.format(call="self.bind(pool)", name="open", inner="sock.connect(address)")
CARETS = """\
  File "/srv/relay.py", line 9, in main
    sock.bind(address)
    ~~~~~~~~~^^^^^^^^^
OSError: [Errno 99] Cannot assign requested address
"""
PYTHON_2 = """\
  File "relay.py", line 690, in run
    self.socket.bind(address)
  File "/usr/lib/python2.7/socket.py", line 228, in meth
    return getattr(self._sock,name)(*args)
error: [Errno 99] Cannot assign requested address
"""


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (BIND, []),
        (CONNECT, ["oom"]),
        (CARETS, []),
        (PYTHON_2, []),
        ("\n".join("relay-1  | " + line for line in BIND.splitlines()), []),
        (BIND + "OSError: [Errno 99] Cannot assign requested address\n", ["oom"]),
        (BIND.replace("[Errno 99] Cannot assign requested address", "[Errno 24] Too many open files"), ["oom"]),
        ("java.net.BindException: Cannot assign requested address", []),
        ("java.net.BindException: Cannot assign requested address: connect", ["oom"]),
    ],
)
def test_an_address_that_nobody_has_is_no_port_that_ran_out(text: str, kinds: list[str]) -> None:
    assert told(text) == kinds


HUNK = "@@ -1,2 +1,3 @@ fn main()\n a\n-fatal error: old\n+panic: lost\n+thread 'main' panicked at src/a.rs:1:1:\n"
LOG = "commit 0123456789abcdef0123456789abcdef01234567 (HEAD -> main)\nAuthor: A\n\n    panic: lost\n\n"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (HUNK, []),
        (HUNK + "panic: lost\n", ["panic"]),
        ("@@ -1,2 +1,3 @@\n+x\n+y\n a\n-fatal error: old\n", []),
        ("@@ -3 +3 @@\n-a\n+panic: lost\n+panic: lost\n", ["panic"]),
        ("@@ -3,9 +3,9 @@\nthread 'main' panicked at src/a.rs:1:1:\n", ["panic"]),
        (LOG, []),
        (LOG + "panic: lost\n", ["panic"]),
    ],
)
def test_what_a_diff_or_a_log_of_git_shows_did_not_happen(text: str, kinds: list[str]) -> None:
    assert told(text) == kinds


@pytest.mark.parametrize(
    "line",
    [
        "fix: panic: no route in the relay",
        "fix(relay)!: fatal error: concurrent map writes",
        "a1b2c3d fix: panic: no route",
        "* a1b2c3d (tag: v1) relay: avoid double free or corruption (fasttop)",
        "- Fixed a case of double free or corruption (fasttop)",
        "HEAD is now at a1b2c3d fix: panic: no route",
        "[main a1b2c3d] fix: panic: no route",
        "Subject: [PATCH 1/2] relay: fix double free or corruption (fasttop)",
        "old.log:12:2026-01-01T00:00:00Z ERROR thread 'main' panicked at src/a.rs:1:1:",
        "docs/notes.md:7:thread 'main' panicked at src/a.rs:1:1:",
        "src/relay.go:7:\tpanic: lost",
        "src/relay.go:7://   lost -> panic: no route",
        "src/relay.rs:7:[debug] thread 'main' panicked at src/a.rs:1:1:",
    ],
)
def test_a_change_or_a_search_that_names_a_crash_is_none(line: str) -> None:
    assert told(line) == told(f"relay-1  | {line}") == []


@pytest.mark.parametrize("text", [HUNK, LOG])
def test_behind_a_container_s_name_it_is_the_same(text: str) -> None:
    assert told("\n".join(f"relay-1  | {line}".rstrip() for line in text.splitlines())) == []


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("deadbeef12 panic: no route", ["panic"]),
        ("- panic: no route", ["panic"]),
        ("test: panic: no route", ["panic"]),
        ("pool.c:31:9: runtime error: signed integer overflow", ["crash"]),
        ("ERROR:a.c:12:main: assertion failed: (x)", ["crash"]),
        ("relay.c:12:E:Core:flood:0: (after this point) Received signal 11 (Segmentation fault)", ["SIGSEGV"]),
        ("nohup.out: thread 'main' panicked at src/a.rs:1:1:", ["panic"]),
    ],
)
def test_what_reads_like_one_and_is_a_crash(line: str, kinds: list[str]) -> None:
    assert told(line) == kinds
