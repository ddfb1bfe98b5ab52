"""Messages that arrive at real receivers, and what happens where they do not."""

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stresstui.alerts.channels import DeliveryError, deliver
from stresstui.alerts.message import Kind, Message
from stresstui.alerts.sender import WAITING_MAX, Sender
from stresstui.alerts.settings import Alert, AlertError, read_alerts
from tests.alerts.receivers import Hook, Mailbox

MESSAGE = Message(kind=Kind.BREACH, run="r", scenario="s", title="r: breach: Few", text="it is 9", criterion="c")


@pytest.fixture
def hook_with() -> Iterator[Callable[..., Hook]]:
    made: list[Hook] = []

    def make(*statuses: int) -> Hook:
        made.append(Hook(*statuses))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_hook_gets_a_document(hook_with: Callable[..., Hook]) -> None:
    hook = hook_with()
    deliver(Alert(url=hook.url), MESSAGE)
    assert hook.posted == [
        {"kind": "breach", "run": "r", "scenario": "s", "title": "r: breach: Few", "text": "it is 9",
         "criterion": "c", "t": 0.0, "directory": ""}
    ]  # fmt: skip


@pytest.mark.parametrize("status", [500, 404, 302])
def test_no_other_answer_is_a_delivery(status: int, hook_with: Callable[..., Hook]) -> None:
    hook = hook_with(status)
    with pytest.raises(DeliveryError, match=str(status)):
        deliver(Alert(url=hook.url), MESSAGE)
    assert len(hook.posted) == 1  # no redirect was followed


def test_a_mail_arrives_through_apprise() -> None:
    pytest.importorskip("apprise")
    box = Mailbox()
    try:
        url = f"mailto://127.0.0.1:{box.port}?from=me@example.org&to=you@example.org&mode=insecure&format=text"
        deliver(Alert(apprise=url), MESSAGE)
        with pytest.raises(DeliveryError, match="not understand"):
            deliver(Alert(apprise="nothing"), MESSAGE)
    finally:
        box.close()
    assert len(box.mails) == 1
    assert "r: breach: Few" in box.mails[0]


def test_a_command_hears_the_text(tmp_path: Path) -> None:
    code = "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())"
    deliver(Alert(command=(sys.executable, "-c", code, str(tmp_path / "heard"))), MESSAGE)
    assert (tmp_path / "heard").read_text() == "r: breach: Few\nit is 9\n"
    with pytest.raises(DeliveryError, match="ended with 3: no"):
        deliver(Alert(command=("sh", "-c", "echo no >&2; exit 3")), MESSAGE)
    with pytest.raises(DeliveryError, match="nosuchprogram"):
        deliver(Alert(command=("nosuchprogram",)), MESSAGE)


def test_what_does_not_arrive_is_tried_again_and_told(hook_with: Callable[..., Hook]) -> None:
    hook, said = hook_with(500, 500, 200), list[str]()
    sender = Sender([Alert(name="a", url=hook.url)], deliver, said.append, pauses_s=(0.01, 0.01))
    sender.send(MESSAGE)
    assert sender.close(20.0)
    assert len(hook.posted) == 3
    assert said[0].endswith("500 Internal Server Error; again in 0.01 s")
    assert said[-1] == "a: sent: r: breach: Few"


def test_a_receiver_that_hangs_keeps_nobody_waiting(hook_with: Callable[..., Hook]) -> None:
    import threading  # noqa: PLC0415 - only here

    hook, stuck, said = hook_with(), threading.Event(), list[str]()

    def hanging(alert: Alert, message: Message) -> None:
        if alert.name == "stuck":
            stuck.wait(20.0)
        else:
            deliver(alert, message)

    alerts = [Alert(name="stuck", url="http://x", quiet=0.0, per_hour=10_000), Alert(name="well", url=hook.url)]
    sender = Sender(alerts, hanging, said.append)
    began = time.monotonic()
    for number in range(WAITING_MAX + 5):
        sender.send(Message(kind=Kind.BREACH, run="r", scenario="s", title="t", text="x", criterion=str(number)))
    assert time.monotonic() - began < 5.0
    assert hook.arrived.acquire(timeout=20.0)
    assert any("dropped" in line for line in said)
    stuck.set()
    assert sender.close(20.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[alerts]\nurl='http://x'", "one table for each"),
        ("[[alerts]]\nname='x'", "no way to tell"),
        ("[[alerts]]\nurl='http://x'\ndesktop=true", "has url and desktop"),
        ("[[alerts]]\nurl='ftp://x'", "http:// or https://"),
        ("[[alerts]]\nurl='http://x'\non=['never']", "never"),
        ("[[alerts]]\nurl='http://x'\nurls=1", "urls"),
        ("[[alerts]]\nurl='http://x'\nper_hour=0", "per_hour"),
        ("[[alerts", "config.toml"),
    ],
)
def test_a_mistake_is_one_line_with_the_mend(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(AlertError, match=said.replace("[", r"\[")):
        read_alerts(path)


def test_what_others_can_write_is_not_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[[alerts]]\ncommand=['true']\n")
    assert read_alerts(path)[0].name == "command 1"
    os.chmod(tmp_path, 0o777)  # noqa: PTH101 - as a careless user does it
    os.chmod(path, 0o666)  # noqa: PTH101 - the same
    with pytest.raises(AlertError, match="may run a command"):
        read_alerts(path)
    assert read_alerts(tmp_path / "none.toml") == []


def test_what_speaks_no_http_loses_its_message_and_not_the_next() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        heard: list[bytes] = []

        def answer() -> None:
            for _ in range(2):
                caller, _ = server.accept()
                with caller:
                    heard.append(caller.recv(65536))
                    caller.sendall(b"220 mail.example ESMTP\r\n")

        answering = threading.Thread(target=answer)
        answering.start()
        log: list[str] = []
        alert = Alert(name="hook", url=f"http://127.0.0.1:{server.getsockname()[1]}/")
        sender = Sender([alert], deliver, log.append, pauses_s=())
        sender.send(MESSAGE)
        sender.send(Message(kind=Kind.END, run="r", scenario="s", title="r: end", text="over"))
        assert sender.close(10.0)
        answering.join()
    assert len(heard) == 2
    assert all("no answer that is HTTP: BadStatusLine" in line for line in log)
