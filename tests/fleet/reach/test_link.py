"""Why a box cannot be reached, and what a worker says first."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from cryptography import x509

from stresstui.fleet.matrix.inventory import Box, Inventory, Ssh
from stresstui.fleet.reach.certificate import temporary
from stresstui.fleet.reach.greeting import greeting, read_greeting
from stresstui.fleet.reach.link import Link, LinkError, _Reached, _said, _split
from stresstui.fleet.reach.over_ssh import STEADY_S, SshBoxes

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ6c7mCnbEPWKAmGJ5Iwr1wk9GOZTGNN9ZyOSUIqEMsz"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (asyncssh.PermissionDenied("denied"), "denied; is one of your keys in its authorized_keys?"),
        (socket.gaierror(-2, "Name or service not known"), "its host cannot be found: Name or service not known"),
        (FileNotFoundError(2, "No such file or directory", "/no/key"), "/no/key: No such file or directory"),
        (ConnectionRefusedError(111, "Connect call failed ('10.0.0.1', 22)"), "Connect call failed ('10.0.0.1', 22)"),
        (asyncssh.KeyImportError("locked"), "locked; unlock it in an agent with ssh-add, and name no keys ="),
        (LinkError("python3 started no worker"), "python3 started no worker"),
    ],
)
def test_what_keeps_a_box_from_being_reached_is_said_with_its_mend(error: Exception, said: str) -> None:
    assert _said(error, Ssh()) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"10.0.0.1 {KEY}", "has another one"),
        (f"[10.0.0.1]:2222 {KEY}", "has another one"),
        (f"10.0.0.11 {KEY}", "has none"),
        ("nonsense", "has none"),
    ],
)
def test_a_key_that_changed_is_told_from_one_that_is_not_known(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "known").write_text(line + "\n")
    error = asyncssh.HostKeyNotVerifiable("Host key is not trusted for host 10.0.0.1")
    assert said in _said(error, Ssh(known_hosts=str(tmp_path / "known")))
    assert ("ssh-keygen -R 10.0.0.1" in _said(error, Ssh(known_hosts=str(tmp_path / "known")))) == ("another" in said)


@pytest.mark.parametrize(
    ("place", "parts"),
    [("a", ("a", None)), ("a:22", ("a", 22)), ("[fe80::1]:22", ("fe80::1", 22)), ("fe80::1:22", ("fe80::1:22", None))],
)
def test_a_jump_is_a_host_and_perhaps_a_port(place: str, parts: tuple[str, int | None]) -> None:
    assert _split(place) == parts


async def test_a_key_of_here_that_cannot_be_read_says_nothing_of_the_box(tmp_path: Path) -> None:
    """Were it an answer of the box, a run that is on there would count as lost."""
    (tmp_path / "key").write_text("no key\n")
    with pytest.raises(LinkError, match="ssh-add"):
        await Link(Box(name="a", host="127.0.0.1"), Ssh(keys=(str(tmp_path / "key"),))).open(9, {})


def test_a_worker_s_line_is_told_from_a_login_shell_s() -> None:
    assert read_greeting(greeting(4711)) == read_greeting('{"port": 4711}\n') == 4711
    for line in ("Welcome!\n", "stresstui worker at home\n", '{"port": "x"}\n', ""):
        assert read_greeting(line) == 0


def test_a_box_with_any_clock_takes_the_session_s_certificate() -> None:
    made = temporary()
    cert = x509.load_pem_x509_certificate(made.tls_ca_file.encode())
    assert cert.not_valid_before_utc < datetime(1971, 1, 1, tzinfo=UTC)
    assert cert.not_valid_after_utc > datetime(2200, 1, 1, tzinfo=UTC)
    for who in ("client", "scheduler", "worker"):
        assert isinstance(made.get_connection_args(who)["ssl_context"], ssl.SSLContext)


async def test_a_box_that_answers_at_all_is_given_more_time_and_one_that_does_not_is_not() -> None:
    """The first packet that comes back tells a network that loses packets from a box that is off."""
    connection: Any = None
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05) as limit:
            await asyncio.sleep(1.0)
    _Reached(limit, 1e9).connection_made(connection)  # too late, and no error
    until = asyncio.get_running_loop().time() + 0.5
    async with asyncio.timeout(0.05) as limit:
        _Reached(limit, until).connection_made(connection)
        await asyncio.sleep(0.2)
    assert limit.when() == until


async def test_what_breaks_soon_is_given_twice_the_time_and_what_held_is_given_the_usual(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1000.0]
    monkeypatch.setattr("stresstui.fleet.reach.over_ssh.time.monotonic", lambda: now[0])
    boxes = SshBoxes(Inventory(box=(Box(name="a"), Box(name="b"))))
    given = []
    for wait in (0.0, 10.0, 10.0, 10.0, 10.0, STEADY_S, 10.0):
        now[0] += wait
        given.append(boxes._next_patience("a"))
    assert given == [1, 2, 4, 8, 8, 1, 2]
    assert boxes._next_patience("b") == 1


class Standing:
    """A connection that stands."""

    def abort(self) -> None: ...

    async def wait_closed(self) -> None: ...


@pytest.mark.parametrize("connects", [True, False])
async def test_a_box_that_starts_no_worker_in_time_is_told_from_one_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, *, connects: bool
) -> None:
    async def connected(*_: Any, **__: Any) -> Standing:
        await asyncio.sleep(0 if connects else 9.0)
        return Standing()

    async def started(*_: Any) -> None:
        await asyncio.sleep(9.0)

    monkeypatch.setattr("stresstui.fleet.reach.link.CONNECT_S", 0.05)
    monkeypatch.setattr(Link, "_connect", connected)
    monkeypatch.setattr(Link, "_start_worker", started)
    said = "it answers, but its worker did not start within 0 s" if connects else "no answer within 0 s"
    with pytest.raises(LinkError, match=f"^{said}$"):
        await Link(Box(name="a"), Ssh()).open(1, {})
