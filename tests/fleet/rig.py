"""Boxes of the tests' own: a network namespace each, with a veth to here and an OpenSSH sshd in it."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.engine.launcher import end_supervisor, until

ROOT = Path(__file__).parents[2]
SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CONFIG = """
Port 22
ListenAddress {address}
HostKey {folder}/host
AuthorizedKeysFile {folder}/id.pub
PidFile {folder}/{name}.pid
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
"""
PYTHON = """#!/bin/sh
export PYTHONPATH={root} XDG_STATE_HOME={folder}/{name}/state
exec {python} "$@"
"""


def why_not() -> str:
    """Why boxes cannot be made here; empty where they can."""
    if SSHD is None or shutil.which("ip") is None:
        return "openssh-server or iproute2 is not installed"
    if os.geteuid() != 0:
        return "network namespaces take root"
    done = subprocess.run(["ip", "netns", "add", f"st{os.getpid()}probe"], capture_output=True, text=True, check=False)
    if done.returncode:
        return f"network namespaces are not allowed: {done.stderr.strip()}"
    subprocess.run(["ip", "netns", "delete", f"st{os.getpid()}probe"], check=False)
    return ""


class Rig:
    """Some boxes, their inventory, and what can befall them."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.names = [f"box{number}" for number in range(1, count + 1)]
        self._started: list[subprocess.Popen[bytes]] = []
        self._second = os.getpid() % 250

    def set_up(self) -> None:
        for key in ("host", "id"):
            path = str(self.folder / key)
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
        host = " ".join((self.folder / "host.pub").read_text().split()[:2])
        known = [f"{self.address(name)} {host}\n" for name in self.names]
        (self.folder / "known_hosts").write_text("".join(known))
        for name in self.names:
            self._make_box(name)

    def address(self, name: str) -> str:
        return f"10.{self._second}.{self.names.index(name)}.2"

    def _space(self, name: str) -> str:
        return f"st{os.getpid()}{name}"

    def _link(self, name: str) -> str:
        return f"v{os.getpid() % 100000}{name[-1]}"

    def _make_box(self, name: str) -> None:
        space, link, here = self._space(name), self._link(name), self.address(name)[:-1] + "1"
        for command in (
            f"ip netns add {space}",
            f"ip link add {link} type veth peer name eth0 netns {space}",
            f"ip address add {here}/30 dev {link}",
            f"ip link set {link} up",
            f"ip -n {space} address add {self.address(name)}/30 dev eth0",
            f"ip -n {space} link set eth0 up",
            f"ip -n {space} link set lo up",
        ):
            subprocess.run(command.split(), check=True)
        (self.folder / name).mkdir()
        python = self.folder / name / "python"
        python.write_text(PYTHON.format(root=ROOT, folder=self.folder, name=name, python=sys.executable))
        python.chmod(0o755)
        config = self.folder / f"{name}.sshd"
        config.write_text(CONFIG.format(address=self.address(name), folder=self.folder, name=name))
        Path("/run/sshd").mkdir(exist_ok=True)
        argv = ["ip", "netns", "exec", space, str(SSHD), "-D", "-e", "-f", str(config)]
        self._started.append(subprocess.Popen(argv, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL))
        until(lambda: self._answers(name), f"the sshd of {name}")

    def _answers(self, name: str) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((self.address(name), 22), timeout=1.0):
            return True
        return False

    def cut(self, name: str) -> None:
        """Take a box's network away."""
        subprocess.run(["ip", "link", "set", self._link(name), "down"], check=True)

    def mend(self, name: str) -> None:
        """Give it back."""
        subprocess.run(["ip", "link", "set", self._link(name), "up"], check=True)

    def runs(self, name: str) -> Iterator[Path]:
        return (path.parent for path in (self.folder / name / "reports").glob("*/run.json"))

    def inventory(self, runs: str, known_hosts: str = "known_hosts", scraped: Path | None = None) -> Path:
        lines = [f'targets = "{scraped}"\n' if scraped else ""]
        metrics = 'metrics = ":9464"\n' if scraped else ""
        lines += [f'[ssh]\nknown_hosts = "{self.folder / known_hosts}"\nkeys = ["{self.folder / "id"}"]\nconfig = ""\n']
        for number, name in enumerate(self.names):
            lines.append(
                f'[[box]]\nname = "{name}"\nhost = "{self.address(name)}"\nuser = "root"\n'
                f'python = "{self.folder / name / "python"}"\nfolder = "{self.folder / name / "reports"}"\n'
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
        for process in self._started:
            process.kill()
            process.wait()
        for name in self.names:
            subprocess.run(["ip", "netns", "delete", self._space(name)], check=False, capture_output=True)
