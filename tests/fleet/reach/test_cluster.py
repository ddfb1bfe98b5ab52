"""A Dask cluster of the tests' own, over TLS: its hosts are boxes, and its scheduler dies under them."""

import asyncio
import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from stresstui.cli import cli
from stresstui.fleet.matrix.inventory import Box, Dask, Inventory, InventoryError, Wanted, wrong_address
from stresstui.fleet.matrix.plan import assign
from stresstui.fleet.reach.boxes import answer_of
from stresstui.fleet.reach.cluster import ClusterBoxes, box_name, found_boxes
from stresstui.fleet.reach.link import LinkError
from stresstui.fleet.reach.worker import dask, silence
from tests.engine.launcher import end_supervisor, until
from tests.fleet.rig import write_scenario

DEADLINE_S = 60.0


class Cluster:
    """A scheduler and a worker on each of two loopback addresses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in zip(("ca", "cert", "key"), pem(), strict=True):
            (folder / f"{name}.pem").write_text(text)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"tls://127.0.0.1:{free.getsockname()[1]}"
        self.start()

    def start(self) -> None:
        self.scheduler = self._start_scheduler()
        self.workers = [self._start_worker(number) for number in (2, 3)]

    def lose_scheduler(self) -> None:
        """Kill the scheduler; its workers end by themselves then."""
        self.scheduler.send_signal(signal.SIGKILL)
        for process in (self.scheduler, *self.workers):
            process.wait(DEADLINE_S)

    def _start_scheduler(self) -> "subprocess.Popen[bytes]":
        port = self.address.rpartition(":")[2]
        return self._start("scheduler", "--host", "127.0.0.1", "--port", port, "--protocol", "tls", "--no-jupyter")

    def _start_worker(self, number: int) -> "subprocess.Popen[bytes]":
        where = ("--host", f"127.0.0.{number}", "--name", f"box{number}", "--resources", f"size={number}")
        local = str(self.folder / f"local{number}")
        return self._start("worker", self.address, *where, "--no-nanny", "--local-directory", local)

    def _start(self, what: str, *argv: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "dask", what, *argv, f"--tls-ca-file={self.folder}/ca.pem"]
        command += [f"--tls-cert={self.folder}/cert.pem", f"--tls-key={self.folder}/key.pem", "--no-dashboard"]
        with (self.folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.environment)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"HOME": str(self.folder), "XDG_STATE_HOME": str(self.folder / "state")}

    def options(self) -> list[str]:
        files = [f"--tls-{name}={self.folder / name}.pem" for name in ("ca", "cert", "key")]
        return ["--scheduler", self.address, *files]

    def fleet(self, *argv: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "stresstui", "fleet", *argv]
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.folder, env=self.environment
        )

    def states(self) -> dict[str, str]:
        for path in (self.folder / "reports/fleet").glob("*/fleet.json"):
            return {run["box"]: run["state"] for run in msgspec.json.decode(path.read_bytes())["runs"]}
        return {}

    def close(self) -> None:
        for run in (self.folder / "reports/stress-tests").glob("*/run.json"):
            end_supervisor(run.parent)
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


def pem() -> list[str]:
    made = dask.Security.temporary()
    return [str(getattr(made, key)) for key in ("tls_ca_file", "tls_worker_cert", "tls_worker_key")]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    try:
        yield made
    finally:
        made.close()


def test_the_hosts_of_a_cluster_are_boxes_and_its_scheduler_may_die(cluster: Cluster) -> None:
    go = cluster.folder / "go"
    code = f"import pathlib, time; p = pathlib.Path('{go}')\nwhile not p.exists(): time.sleep(.1)"
    scenario = write_scenario(cluster.folder / "cluster.toml", code)
    matrix = cluster.folder / "fleet.toml"
    matrix.write_text(
        f'[dask]\nscheduler = "{cluster.address}"\n[[run]]\nscenario = "{scenario}"\nwhere = "size > 1"\n'
    )
    until(lambda: registered(cluster, 2), "two workers", DEADLINE_S)
    files = cluster.options()[2:]
    process = cluster.fleet("run", *files)
    until(lambda: process.poll() is not None or cluster.states(), "a record", DEADLINE_S)
    assert process.poll() is None, process.communicate()[0]
    until(lambda: cluster.states() == dict.fromkeys(("box2", "box3"), "running"), "two runs that are on", DEADLINE_S)
    cluster.lose_scheduler()
    until(lambda: set(cluster.states().values()) == {"unreachable"}, "boxes that are not reached", DEADLINE_S)
    go.touch()  # the runs end while nobody can see them
    cluster.start()
    said, _ = process.communicate(timeout=2 * DEADLINE_S)
    assert process.returncode == 0, said
    assert "PASSED" in said
    assert "the scheduler" in said
    assert cluster.states() == dict.fromkeys(("box2", "box3"), "ended")


def registered(cluster: Cluster, count: int) -> bool:
    if b"Register worker" not in (cluster.folder / "scheduler.log").read_bytes():
        return False
    return (cluster.folder / "scheduler.log").read_bytes().count(b"Register worker") >= count


WORKERS: dict[str, dict[str, Any]] = {
    "tls://10.0.0.1:1": {"name": "tls://10.0.0.1:1", "host": "10.0.0.1", "resources": {"gpu": 2}},
    "tls://10.0.0.1:2": {"name": "tls://10.0.0.1:2", "host": "10.0.0.1"},
    "tls://10.0.0.2:1": {"name": "pod-b", "host": "10.0.0.2"},
}


def test_a_host_is_one_box_and_resources_are_labels() -> None:
    boxes = found_boxes(WORKERS)
    assert [(box.name, box.host, box.labels) for box in boxes] == [
        ("pod-b", "10.0.0.2", {}),
        ("10.0.0.1", "10.0.0.1", {"gpu": 2}),
    ]


def test_a_condition_on_what_no_host_is_labelled_with_is_refused() -> None:
    inventory = Inventory(box=found_boxes(WORKERS), run=(Wanted(scenario="ech_24h", where="gpus > 1"),))
    with pytest.raises(InventoryError, match=r"no box has a label 'gpus'; did you mean 'gpu'\?"):
        assign(inventory)


def test_an_inventory_chooses_among_hosts_and_adds_labels() -> None:
    given = (Box(name="pod-b", labels={"kernel": "6.1"}, folder="runs"), Box(name="gone"))
    assert found_boxes(WORKERS, given) == (Box(name="pod-b", host="10.0.0.2", labels={"kernel": "6.1"}, folder="runs"),)


@pytest.mark.parametrize(
    ("worker", "name"),
    [
        ({"name": "a.b-c", "host": "10.0.0.9"}, "a.b-c"),
        ({"name": 3, "host": "10.0.0.9"}, "3"),
        ({"name": "tcp://[fe80::1]:3", "host": "fe80::1"}, "fe80-1"),
        ({"name": "x" * 80, "host": "::"}, "box"),
    ],
)
def test_names_of_boxes_are_names(worker: dict[str, object], name: str) -> None:
    assert box_name(worker) == name


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Dask(scheduler="10.0.0.1:8786"), "write tls://HOST:PORT"),
        (Dask(scheduler="tcp://10.0.0.1"), "write tls://HOST:PORT"),
        (Dask(scheduler="http://10.0.0.1:80"), "write tls://HOST:PORT"),
        (Dask(scheduler="tls://10.0.0.1:8786", ca="/dev/null"), "tls:// needs cert and key"),
        (Dask(scheduler="tcp://10.0.0.1:8786", ca="/nowhere/ca"), "/nowhere/ca: there is no such file"),
        (Dask(scheduler="tcp://[::1]:8786"), ""),
    ],
)
def test_an_address_that_cannot_be_is_said_with_its_mend(given: Dask, said: str) -> None:
    assert wrong_address(given) == said if not said else said in wrong_address(given)


class Closed:
    """A client that is closed by another question while the scheduler answers this one."""

    status = "running"

    @property
    def scheduler(self) -> "Closed":
        return self

    async def identity(self, n_workers: int) -> dict[str, Any]:
        assert n_workers == -1
        self.status = "closed"
        return {"workers": WORKERS}

    async def close(self, **_: Any) -> None: ...

    async def broadcast(self, **_: Any) -> None:
        raise RuntimeError("the client is closed")


async def test_a_client_that_another_question_closed_is_no_answer_of_the_box() -> None:
    boxes = ClusterBoxes(Dask(scheduler="tcp://127.0.0.1:9"), (Box(name="pod-b", host="10.0.0.2"),))
    boxes._client = Closed()
    with pytest.raises(LinkError, match="does not answer"):
        await boxes.ask("pod-b", print)


class Counting:
    """A client whose scheduler counts how often it is asked for its workers, and whose workers answer at once."""

    status = "running"

    def __init__(self, *, lost: bool = False) -> None:
        self.asked, self._lost = 0, lost

    @property
    def scheduler(self) -> "Counting":
        return self

    async def identity(self, n_workers: int) -> dict[str, Any]:
        assert n_workers == -1
        self.asked += 1
        await asyncio.sleep(0)
        return {"workers": WORKERS}

    async def close(self, **_: Any) -> None: ...

    async def broadcast(self, workers: list[str], **_: Any) -> dict[str, Any]:
        if self._lost:
            raise OSError("lost")
        return {workers[0]: {"status": "OK", "result": "here"}}


async def asked_of_many(client: Counting) -> list[Any]:
    hosts = (Box(name="pod-b", host="10.0.0.2"), Box(name="a", host="10.0.0.1"))
    boxes = ClusterBoxes(Dask(scheduler="tcp://127.0.0.1:9"), hosts)
    boxes._client = client
    asked = [boxes.ask(name, print) for name in ("pod-b", "a") * 20]
    return [await asyncio.gather(*asked, return_exceptions=True), await boxes.ask("a", print)]


async def test_boxes_that_are_asked_at_once_share_one_answer_of_the_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Counting()
    assert await asked_of_many(client) == [["here"] * 40, "here"]
    assert client.asked == 1
    monkeypatch.setattr("stresstui.fleet.reach.cluster.FRESH_S", 0.0)
    client = Counting()
    await asked_of_many(client)
    assert client.asked == 41


async def test_a_scheduler_that_is_gone_is_found_out_once_for_all_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    async def refuse(*given: object, **_: object) -> None:
        tried.append(given)
        raise OSError("gone")

    monkeypatch.setattr(dask, "Client", refuse)
    boxes = ClusterBoxes(Dask(scheduler="tcp://127.0.0.1:9"), (Box(name="a", host="10.0.0.1"),))
    found = await asyncio.gather(*(boxes.ask("a", print) for _ in range(20)), return_exceptions=True)
    assert {str(error) for error in found} == {"the scheduler tcp://127.0.0.1:9 cannot be reached: gone"}
    assert len(tried) == 1
    monkeypatch.setattr("stresstui.fleet.reach.cluster.time.monotonic", lambda: float("inf"))
    with pytest.raises(LinkError):
        await boxes.ask("a", print)
    assert len(tried) == 2


def test_dask_logs_nothing_where_a_screen_may_be() -> None:
    logging.getLogger("distributed.client").setLevel(logging.WARNING)
    silence()
    assert not any(
        logging.getLogger(name).isEnabledFor(logging.CRITICAL) for name in ("distributed", "distributed.client")
    )


async def test_a_worker_that_does_not_answer_has_the_scheduler_asked_anew() -> None:
    client = Counting(lost=True)
    boxes = ClusterBoxes(Dask(scheduler="tcp://127.0.0.1:9"), (Box(name="a", host="10.0.0.1"),))
    boxes._client = client
    for _ in range(2):
        with pytest.raises(LinkError):
            await boxes.ask("a", print)
    assert client.asked == 2


class Answering:
    """A client whose scheduler gives what one is made with, or does what that does."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer
        self.scheduler = self

    async def broadcast(self, workers: list[str], on_error: str, **_: Any) -> dict[str, Any]:
        assert on_error == "return_pickle"
        return {workers[0]: await self._answer() if callable(self._answer) else self._answer}


def own(error: Exception) -> dict[str, Any]:
    """What a worker answers whose function raised."""
    return {"status": "error", "exception": error, "traceback": None}


async def cancelled() -> None:
    raise asyncio.CancelledError


async def say_nothing() -> None:
    await asyncio.sleep(DEADLINE_S)


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (cancelled, LinkError, "the connection to the scheduler was lost"),
        (say_nothing, LinkError, "no answer within 0 s"),
        (pickle.dumps(OSError("Timed out trying to connect")), LinkError, "its worker does not answer: Timed out"),
        (pickle.dumps(ModuleNotFoundError("No module named 'stresstui'")), RuntimeError, "No module .*; pip install"),
        (own(AttributeError("no attribute 'read'")), RuntimeError, "no attribute 'read'; pip install"),
        (own(TypeError("archive() takes 1 argument")), RuntimeError, "takes 1 argument; pip install .* same version"),
        (own(OSError(28, "No space left on device")), OSError, "No space left"),
        (own(subprocess.TimeoutExpired("stresstui", 60)), RuntimeError, "TimeoutExpired: .*timed out"),
    ],
)
async def test_a_box_s_own_mistake_is_told_from_one_on_the_way(answer: Any, kind: type, said: str) -> None:
    with pytest.raises(kind, match=said) as raised:
        await answer_of(Answering(answer), "a", print, (), until=asyncio.sleep(DEADLINE_S), within=0.2)
    assert isinstance(raised.value, LinkError) == (kind is LinkError)


async def test_a_question_whose_link_is_cut_is_not_waited_for() -> None:
    with pytest.raises(LinkError, match="the connection is lost"):
        await answer_of(Answering(say_nothing), "a", print, (), until=asyncio.sleep(0), within=DEADLINE_S)


def test_what_cannot_be_reached_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stresstui.fleet.reach.cluster.CONNECT_S", 0.2)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["fleet", "doctor", "--scheduler", "tcp://127.0.0.1:9"])
    assert done.exit_code == 2
    assert "the scheduler tcp://127.0.0.1:9 cannot be reached" in done.output
    assert "not encrypted" in done.output
