"""Which of the processes that a pattern fits is the program, and which merely has the word in its arguments."""

import os
import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from stresstui.engine.process.find import Found

_BYSTANDERS: Final = frozenset(
    (
        "tail", "head", "less", "more", "most", "cat", "bat", "grep", "egrep", "fgrep", "rg", "ag", "ack", "awk",
        "gawk", "mawk", "sed", "vi", "vim", "nvim", "view", "nano", "emacs", "emacsclient", "ed", "micro", "hx",
        "code", "kate", "gedit", "man", "watch", "tee", "find", "ls", "rsync", "scp", "sftp", "tar", "diff",
        "multitail", "lnav", "journalctl", "inotifywait", "pgrep", "pkill", "pidof", "ps", "top", "htop", "btop",
        "pidstat", "psrecord", "strace", "ltrace", "perf", "gdb", "lldb", "tcpdump", "stresstui",
    )
)  # fmt: skip
"""Programs that read, edit or look at what their arguments name."""
_WRAPPERS: Final = frozenset(
    (
        "sh", "bash", "dash", "zsh", "fish", "ksh", "ash", "busybox", "sudo", "doas", "su", "runuser", "setpriv", "env",
        "nohup", "nice", "ionice", "chrt", "taskset", "numactl", "timeout", "setsid", "stdbuf", "script", "unshare",
        "nsenter", "chroot", "systemd-run", "systemd-inhibit", "tini", "dumb-init", "screen", "tmux", "ssh", "xargs",
        "parallel", "time", "flock", "docker", "podman", "make", "cargo",
    )
)  # fmt: skip
"""Programs that start what their arguments name."""
_INTERPRETERS: Final = re.compile(
    r"(python|pypy|perl|ruby|node|nodejs|deno|bun|java|php|lua|luajit|Rscript|dotnet|mono|beam\.smp|guile|tclsh)[\d.]*$"
)
_NAMES_NEXT: Final = frozenset(("-m", "-jar", "run"))
"""Words of an interpreter's command line whose next word names the program."""
_TAKES_A_VALUE: Final = frozenset(("-W", "-X", "-cp", "-classpath", "--class-path", "-p", "--module-path", "-r", "-I"))


class Candidate(NamedTuple):
    """A process that a pattern may mean."""

    process: Found
    argv: tuple[str, ...]
    exe: str


class Choice(NamedTuple):
    """What a pattern means."""

    taken: list[Found]
    left_out: list[Found]
    """Those that have it in their arguments only."""
    by_program: bool
    """Whether those that were taken were told by their program's name."""


def choose(pattern: re.Pattern[str], candidates: Iterable[Candidate], *, by_program: bool = False) -> Choice:
    """Take the programs that the pattern names; where it names none, what has it in its arguments and may be meant.

    ``by_program`` says that a program of that name was there before, so that nothing but a program is meant.
    """
    fitting = [one for one in candidates if _fits(pattern, one.process.name, " ".join(one.argv))]
    named = [one for one in fitting if _fits(pattern, *_identity(one))]
    told = by_program or bool(named)
    meant = named if told else _by_arguments(fitting)
    pids = {one.process.pid for one in meant}
    left_out = [one.process for one in fitting if one.process.pid not in pids]
    return Choice([one.process for one in meant], left_out, told)


def _fits(pattern: re.Pattern[str], *texts: str) -> bool:
    return any(pattern.search(text) for text in texts)


def _by_arguments(fitting: Sequence[Candidate]) -> list[Candidate]:
    """A wrapper is meant only where what it started cannot be."""
    meant = [one for one in fitting if _program(one) not in _BYSTANDERS]
    return [one for one in meant if _program(one) not in _WRAPPERS] or meant


def _program(one: Candidate) -> str:
    """Name of the program, of a script too."""
    script = _script(one.argv) if _is_interpreted(one) else ""
    return os.path.basename(script or one.exe or (one.argv[0] if one.argv else "") or one.process.name)  # noqa: PTH119


def _identity(one: Candidate) -> list[str]:
    """What a process is, apart from what it was told: its name, its program, and of an interpreter the script."""
    named = [one.process.name, one.exe, one.argv[0] if one.argv else ""]
    return [*named, _script(one.argv)] if _is_interpreted(one) else named


def _is_interpreted(one: Candidate) -> bool:
    first = one.argv[0] if one.argv else one.process.name
    names = (os.path.basename(one.exe), os.path.basename(first))  # noqa: PTH119
    shell = any(name in {"sh", "bash", "dash", "zsh", "ksh", "ash"} for name in names)
    return any(_INTERPRETERS.match(name) for name in names) or (shell and "-c" not in one.argv[1:2])


def _script(argv: Sequence[str]) -> str:
    """The word of an interpreter's command line that names the program; empty where there is none, as after ``-c``."""
    words = iter(argv[1:])
    for word in words:
        if word in _NAMES_NEXT:
            return next(words, "")
        if word in {"-c", "-e", "-E"}:
            return ""
        if word in _TAKES_A_VALUE:
            next(words, "")
        elif not word.startswith("-"):
            return word
    return ""
