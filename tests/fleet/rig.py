"""Boxes of the tests' own: a network namespace each, with a veth to here and an OpenSSH sshd in it.

Where namespaces are not allowed a box is an sshd on a loopback address: the network that is cut is then its
connections, and what boxes see of each other's processes is not what machines see. Pytest says so in its warnings.
"""

import contextlib
import getpass
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import psutil

from tests.engine.launcher import end_supervisor, until

ROOT = Path(__file__).parents[2]
_WHERE = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
"""Whose login it is may lack the last two."""
SSHD, TC = shutil.which("sshd", path=_WHERE), shutil.which("tc", path=_WHERE)
CONFIG = """
Port {port}
ListenAddress {address}
HostKey {folder}/host
AuthorizedKeysFile {folder}/id.pub
PidFile {folder}/{name}.pid
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
"""
SCENARIO = """
title = "Fleet"
moves_bytes = false
interval = "200ms"
[[criteria]]
id = "few"
title = "Few descriptors"
rule = "max(fds) < 60"
[command]
argv = ["{python}", "-c", {code}]
"""
PYTHON = """#!/bin/sh
echo "Welcome to {name}, says its login shell"
export PYTHONPATH={root} XDG_STATE_HOME={folder}/{name}/state
exec {python} "$@"
"""

LOSS = "5,32 0 0 4294963256,148 0 0 100,53 1 0 {percent},6 0 0 2,6 0 0 0"
"""For want of netem a program for classic BPF: a random number modulo 100; below a limit the packet is dropped (2)."""

_NUMBERS = itertools.count()


def write_scenario(path: Path, code: str, head: str = "") -> Path:
    """A scenario whose program is a few words of Python, and whose criterion sixty descriptors break."""
    path.write_text(head + SCENARIO.format(python=sys.executable, code=json.dumps(code)))
    return path


def why_not() -> str:
    """Why boxes cannot be made here at all; empty where they can."""
    return "openssh-server is not installed" if SSHD is None else ""


def why_not_apart() -> str:
    """Why boxes are not network namespaces here; empty where they are."""
    if os.environ.get("STRESSTUI_TEST_BOXES") == "loopback":
        return "STRESSTUI_TEST_BOXES asks for it"
    if os.geteuid() != 0 or shutil.which("ip") is None or TC is None:
        return "network namespaces take root and iproute2"
    probe = f"st{os.getpid()}probe"
    done = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True, check=False)
    if done.returncode:
        return f"network namespaces are not allowed: {done.stderr.strip()}"
    subprocess.run(["ip", "netns", "delete", probe], check=False)
    return ""


def make_rig(folder: Path, count: int) -> "Rig":
    """Boxes as far apart as this machine lets them be; those on the loopback are warned of."""
    why = why_not_apart()
    if not why:
        return Rig(folder, count)
    warnings.warn(f"the boxes of the fleet's tests are only sshd's on loopback addresses: {why}", stacklevel=2)
    return LoopbackRig(folder, count)


class Rig:
    """Some boxes, their inventory, and what can befall them."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.names = [f"box{number}" for number in range(1, count + 1)]
        self._sshd: dict[str, subprocess.Popen[bytes]] = {}
        self._number = next(_NUMBERS)  # what the kernel takes down of one rig may still be there
        self._second = (os.getpid() + self._number) % 250

    def set_up(self) -> None:
        for key in ("host", "id"):
            path = str(self.folder / key)
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
        host = " ".join((self.folder / "host.pub").read_text().split()[:2])
        known = [f"[{self.address(name)}]:{self.port} {host}\n{self.address(name)} {host}\n" for name in self.names]
        (self.folder / "known_hosts").write_text("".join(known))
        for name in self.names:
            self.make_network(name)
            self._make_box(name)

    def __enter__(self) -> Self:
        try:
            self.set_up()
        except BaseException:
            self.tear_down()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.tear_down()

    port = 22
    """Where each sshd listens."""
    prefix = 30
    """Of the network between a box and here, ..."""
    flags = ""
    """... and what its addresses are added with."""

    def address(self, name: str) -> str:
        return f"10.{self._second}.{self.names.index(name)}.2"

    def _space(self, name: str) -> str:
        return f"st{os.getpid()}r{self._number}{name}"

    def _link(self, name: str) -> str:
        return f"v{os.getpid() % 100000}r{self._number}{self.names.index(name)}"

    def make_network(self, name: str) -> None:
        space, link, here = self._space(name), self._link(name), self.address(name)[:-1] + "1"
        for command in (
            f"ip netns add {space}",
            f"ip link add {link} type veth peer name eth0 netns {space}",
            f"ip address add {here}/{self.prefix} dev {link} {self.flags}",
            f"ip link set {link} up",
            f"ip -n {space} address add {self.address(name)}/{self.prefix} dev eth0 {self.flags}",
            f"ip -n {space} link set eth0 up",
            f"ip -n {space} link set lo up",
        ):
            subprocess.run(command.split(), check=True)

    def make_switch(self) -> None:
        """Put all boxes on one more network, where they reach each other."""
        subprocess.run(f"ip netns add {self._space('switch')}".split(), check=True)
        inside = ["ip", "-n", self._space("switch")]
        subprocess.run([*inside, *["link", "add", "switch", "up", "type", "bridge"]], check=True)
        for number, name in enumerate(self.names):
            space, port = self._space(name), f"port{number}"
            for command in (
                [*inside, "link", "add", port, "type", "veth", "peer", "name", "eth1", "netns", space],
                [*inside, "link", "set", port, "master", "switch", "up"],
                ["ip", "-n", space, "link", "set", "eth1", "up"],
                *(
                    ["ip", "-n", space, "address", "add", at, "dev", "eth1", *(["nodad"] if ":" in at else [])]
                    for at in self.ends(name)
                ),
            ):
                subprocess.run(command, check=True)

    def door(self, name: str) -> str:
        """Where other boxes reach it, once there is a switch."""
        return f"10.{self._second}.250.{self.names.index(name) + 1}"

    def ends(self, name: str) -> list[str]:
        """Its addresses there, each with its prefix."""
        return [f"{self.door(name)}/24"]

    def _make_box(self, name: str) -> None:
        (self.folder / name).mkdir()
        python = self.folder / name / "python"
        python.write_text(PYTHON.format(root=ROOT, folder=self.folder, name=name, python=sys.executable))
        python.chmod(0o755)
        config = CONFIG.format(address=self.address(name), folder=self.folder, name=name, port=self.port)
        (self.folder / f"{name}.sshd").write_text(config)
        with contextlib.suppress(OSError):  # only root's sshd wants it
            Path("/run/sshd").mkdir(exist_ok=True)
        self.start_sshd(name)

    def start_sshd(self, name: str) -> None:
        argv = [*self.inside(name), str(SSHD), "-D", "-e", "-f", str(self.folder / f"{name}.sshd")]
        self._sshd[name] = subprocess.Popen(argv, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        until(lambda: self._answers(name), f"the sshd of {name}")

    def inside(self, name: str) -> list[str]:
        """What runs a command in a box."""
        return ["ip", "netns", "exec", self._space(name)]

    def _answers(self, name: str) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((self.address(name), self.port), timeout=1.0):
            return True
        return False

    def lose(self, name: str, percent: int) -> None:
        """Have the network between a box and here lose so many packets in a hundred, both ways, by chance."""
        for device, inside in ((self._link(name), []), ("eth0", ["-n", self._space(name)])):
            tc = [str(TC), *inside]
            subprocess.run([*tc, "qdisc", "delete", "dev", device, "ingress"], check=False, capture_output=True)
            if percent:
                subprocess.run([*tc, "qdisc", "add", "dev", device, "ingress"], check=True)
                what = ["parent", "ffff:", "bpf", "da", "bytecode", LOSS.format(percent=percent)]
                subprocess.run([*tc, "filter", "add", "dev", device, *what], check=True)

    def cut(self, name: str) -> None:
        """Take a box's network away."""
        subprocess.run(["ip", "link", "set", self._link(name), "down"], check=True)

    def mend(self, name: str) -> None:
        """Give it back."""
        subprocess.run(["ip", "link", "set", self._link(name), "up"], check=True)

    def runs(self, name: str) -> Iterator[Path]:
        return (path.parent for path in (self.folder / name / "reports").glob("*/run.json"))

    def runs_of(self, name: str, scenario: str) -> Iterator[Path]:
        return (run for run in self.runs(name) if run.name.startswith(f"{scenario}_"))

    def inventory(
        self, runs: str, known_hosts: str = "known_hosts", scraped: Path | None = None, config: str = ""
    ) -> Path:
        lines = [f'targets = "{scraped}"\n' if scraped else ""]
        metrics = 'metrics = ":9464"\n' if scraped else ""
        lines += [
            f'[ssh]\nknown_hosts = "{self.folder / known_hosts}"\nkeys = ["{self.folder / "id"}"]\n',
            f'config = "{config}"\n',
        ]
        for number, name in enumerate(self.names):
            lines.append(
                f'[[box]]\nname = "{name}"\nhost = "{self.address(name)}"\nport = {self.port}\n'
                f'user = "{getpass.getuser()}"\n'
                f'python = "{self.folder / name / "python"}"\nfolder = "{self.folder / name / "reports"}"\n'
                f'door = "{self.door(name)}"\n'
                f'labels = {{ number = {number}, half = "{"first" if number < len(self.names) / 2 else "second"}" }}\n'
                + metrics
            )
        path = self.folder / "fleet.toml"
        path.write_text("".join(lines) + runs)
        return path

    def tear_down(self) -> None:
        for name in self.names:
            for run in self.runs(name):
                end_supervisor(run)
        for process in self._sshd.values():
            process.kill()
            process.wait()
        for name in (*self.names, "switch"):
            self.drop_network(name)

    def drop_network(self, name: str) -> None:
        subprocess.run(["ip", "netns", "delete", self._space(name)], check=False, capture_output=True)


class SixRig(Rig):
    """Boxes that are reached by IPv6; the first has both families on the switch, the second IPv4 there, others IPv6."""

    prefix = 64
    flags = "nodad"

    def address(self, name: str) -> str:
        return f"fd00:{self._second:x}:{self.names.index(name):x}::2"

    def make_network(self, name: str) -> None:
        super().make_network(name)
        own = [f"{end.partition('/')[0]} {self.named}\n" for end in self.ends(self.names[0])]
        place = self._etc(name)
        place.mkdir(parents=True)
        (place / "hosts").write_text(f"127.0.0.1 localhost\n{''.join(own)}127.0.1.1 near.test\n")

    named = "both.test"
    """Name of the first."""

    def door(self, name: str) -> str:
        return self.named if name == self.names[0] else f"fd00:{self._second:x}:fa::{self.names.index(name) + 1:x}"

    def ends(self, name: str) -> list[str]:
        number = self.names.index(name) + 1
        six, four = f"fd00:{self._second:x}:fa::{number:x}/64", f"10.{self._second}.250.{number}/24"
        return [six, four] if number == 1 else [four] if number == 2 else [six]

    def drop_network(self, name: str) -> None:
        super().drop_network(name)
        shutil.rmtree(self._etc(name), ignore_errors=True)

    def _etc(self, name: str) -> Path:
        return Path("/etc/netns") / self._space(name)


class LoopbackRig(Rig):
    """Boxes that share everything but an address and an sshd."""

    port = 20022

    def address(self, name: str) -> str:
        return f"127.77.{self._second}.{self.names.index(name) + 2}"

    def make_network(self, name: str) -> None: ...

    def make_switch(self) -> None: ...

    def door(self, name: str) -> str:
        return self.address(name)

    def drop_network(self, name: str) -> None: ...

    def inside(self, name: str) -> list[str]:
        del name
        return []

    def cut(self, name: str) -> None:
        """End its sshd with all connections; the runs there go on."""
        process = self._sshd[name]
        sessions = [one for one in psutil.Process(process.pid).children(recursive=True) if "sshd" in one.name()]
        process.kill()
        for session in sessions:
            session.kill()
        process.wait()

    def mend(self, name: str) -> None:
        self.start_sshd(name)
