"""Whether a line says that somebody's child was ended by a signal, in the words of shells, supervisors and runtimes."""

import re
from functools import cache
from signal import SIGKILL
from typing import Any, Final

import re2

from stresstui.core.derive.child import CRASH_SIGNALS
from stresstui.core.text.lazy_pattern import late, lazy
from stresstui.engine.output.message import is_bare, is_quoted, is_retold
from stresstui.engine.output.words.shells import (
    CORE_DUMPED,
    KORN_SIGNALS,
    ONLY_WITH_A_CORE,
    OTHER_LANGUAGES,
    SHELL_SIGNALS,
    Z_SIGNALS,
)
from stresstui.engine.process.signals import signal_name

_FAULTS: Final = "SIG(?:SEGV|ABRT|BUS|ILL|FPE|SYS|XFSZ|XCPU)"
"""What nobody sends to stop a program ..."""
_ENDS: Final = "SIG(?:SEGV|ABRT|BUS|ILL|FPE|SYS|XFSZ|XCPU|TRAP|KILL)"
"""... and what ends it without a chance to say so itself."""
_NAMES: Final = {
    "segmentation fault": "SIGSEGV", "segmentation violation": "SIGSEGV", "segfault": "SIGSEGV", "aborted": "SIGABRT",
    "abort": "SIGABRT", "bus error": "SIGBUS", "illegal instruction": "SIGILL", "floating point exception": "SIGFPE",
    "floating-point exception": "SIGFPE", "trace/breakpoint trap": "SIGTRAP", "bad system call": "SIGSYS",
    "killed": "SIGKILL",
}  # fmt: skip
_SHORT: Final = "SEGV|ABRT|BUS|ILL|FPE|SYS|XFSZ|XCPU"
_NAMED: Final = "(?i:" + "|".join(_NAMES) + r")\b"
_FAULT_NAMED: Final = r"(?i:segmentation fault|segmentation violation|segfault|bus error|illegal instruction)\b"
_CODE: Final = r"(?:13[2-79]|-(?:[4-9]|11))\b"
MARK: Final = (
    rf"{_ENDS}|(?i:signals?)\W{{1,3}}(?:\(?(?:[4-9]|11|2[45]|31)\b|(?:{_SHORT})\b|{_NAMED})|\bsignaled \d"
    rf"|(?i:code|status|rc)\W{{1,14}}{_CODE}"
    r"|errno 13[2-69]|exit value 13|\(Wstat: |ExitCode=\d+:|xited \(13|xited with 13|\bexit -|\(Exit 13"
    rf"|{_FAULT_NAMED}|code=(?:killed|dumped), status=|exited with code 13|\] Error 13|ExitStatus\(|"
    + "|".join(map(re.escape, (*SHELL_SIGNALS, *OTHER_LANGUAGES, *ONLY_WITH_A_CORE, "zsh: ", *KORN_SIGNALS)))
)
"""An RE2 expression that is found in every line that means something here."""
_MARKED: Final = late(lambda: re2.compile(MARK))

_ON_THE_WAY: Final = (
    r"(?:\W{1,4}(?:by|of|on|with|due|to|via|from|an?|the|another|process|signals?|Signals|exit|exited|killed|terminated|"
    r"interrupted|status|code|receiving|unexpectedly|prematurely|abnormally|uncaught|unhandled|fatal|number|core|dumped|\d+)){0,8}"
    r"\W{1,4}"
)
"""What may stand between a verb and its signal; ``exited, sending SIGKILL to the others`` is of another."""
_SENTENCES: Final = (
    (
        r"\b(?i:killed|terminated|exit(?:s|ed|ing)?|died|crash(?:ed)?|ended|dumped|failed|was sent|interrupted|closed)"
        rf"{_ON_THE_WAY}(?P<name>{_ENDS})\b"
    ),
    (
        r"\b(?i:killed|terminated|exit(?:s|ed|ing)?|died|crash(?:ed)?|ended|dumped|interrupted|closed|stop reason)"
        rf"{_ON_THE_WAY}(?i:signals?)\W{{1,3}}(?:\(?(?P<number>\d{{1,2}})\b|(?P<short>{_SHORT})\b|(?P<words>{_NAMED}))"
    ),
    (
        r"(?:\b(?i:got|caught|received|recv|unhandled|unexpected|fatal|deadly|raised|stop reason)\b"
        r"(?:\W{1,4}(?i:an?|the|fatal|deadly|unexpected|signals?)){0,4}\W{1,4})"
        rf"(?:(?P<name>{_FAULTS})\b|(?i:signals?)?\W{{0,3}}(?P<words>{_FAULT_NAMED}))"
    ),
    (
        r"\b(?i:got|caught|received|recv|unhandled|uncaught|unexpected|fatal|deadly|raised)\W{1,4}"
        r"(?:(?i:an?|the|target|fatal|deadly|unexpected)\W{1,4}){0,3}(?i:signal)\W{1,3}(?P<number>(?:[4678]|11|31))\b"
    ),
    rf"\b(?P<name>{_FAULTS})(?: \([^)]{{1,60}}\))?(?: - | received\b| caught\b|: abort$)",
    (r"\b(?i:signal) (?P<number>(?:[4678]|11|31))(?: \([^)]{1,60}\))? (?i:received|caught)\b"),
    rf"\b(?i:signal)(?: \(?\d{{1,2}}(?:\.-?\d+)?\)?){{0,2}}: (?P<words>{_NAMED})",
    (
        r"\b(?i:exit(?:ed|s)?|finished|completed|failed|returned|died|terminated|crashed|stopped)"
        r"(?:\W{1,4}(?:with|exit|an?|the|process|error|non-zero|return)){0,5}"
        rf"\W{{1,4}}(?i:code|status|rc|returncode|exit value)\W{{1,3}}(?P<code>{_CODE})"
    ),
    r"\b(?i:exited) with (?P<code>13[2-69])\.?$",
    r"\bexit (?P<code>-(?:[4678]|11)) \(|\(Exit (?P<status>13[2-69])\)",
    rf"#<Process::Status: pid \d+ (?P<name>{_ENDS})\b",
    rf"^npm (?:ERR!|error) signal (?P<name>{_ENDS})$",
    (r"code=(?:killed|dumped), status=(?P<number>\d{1,2})/"),
    r"\bwas terminated on line \d+ by signal (?P<number>\d{1,2})\b",
    rf"\bsignal: \d{{1,2}} \((?P<name>{_FAULTS})\)",
    rf"\b(?:died|crashed|killed|terminated): (?P<words>{_FAULT_NAMED})(?: \(core dumped\))?$",
    r"\b(?:failed|unexpectedly|terminated): signaled (?P<number>[46789]|11)\b",
    rf"\b(?:code|exit(?:ed)?|closed?)\W{{1,3}}null\W{{1,3}}(?:(?:and |with )*signal\W{{1,3}})?(?P<name>{_FAULTS})\b",
    rf"\b(?:returncode|exitcode)=(?:(?P<code>-(?:[4678]|11|2[45])\b)|-(?P<name>{_FAULTS})\b)",
    rf"[(\[]signal: (?P<name>{_FAULTS})\b",
    rf"^\*\*\* (?:Signal (?P<number>\d{{1,2}})|Error code (?P<code>{_CODE}))\b",
    r"\(Wstat: (?P<wait>\d{1,5})\b",
    r"\bExitStatus\((?:unix_wait_status|ExitStatus)\((?P<wait>\d{1,5})\)\)",
)  # fmt: skip
"""In the words of supervisors, containers, debuggers and crash handlers: each ends at what tells the signal.
What a parent prints of a child's status tells of faults alone, as it may have killed it."""
_WORDS: Final = "|".join(map(re.escape, (*SHELL_SIGNALS, *OTHER_LANGUAGES)))
_CORED: Final = "|".join(map(re.escape, ONLY_WITH_A_CORE))
_WIDE: Final = "Floating point exception|File size limit exceeded"
"""So long that bash leaves no space between it and the command."""
_CORE: Final = rf" *[(\uff08](?:{'|'.join(map(re.escape, CORE_DUMPED))})[)\uff09]"
_NUMBERED: Final = lazy(
    r"\(signal: (\d+)[,)]"
    r"|(?:\bexited with code |(?:\*\*\*|\bmake(?:\[\d+\])?:) \[[^\]]{0,300}\] Error )(13[24-9])\b"
)
_BARE: Final = lazy(
    rf"({_WORDS})(?:{_CORE})? ?$|({_CORED}){_CORE}$|"
    r"(Segmentation fault(?=: 11$)|Bus error(?=: 10$)|Abort trap(?=: 6$)|Killed(?=: 9$)|"
    r"Illegal instruction(?=: 4$)|Trace/BPT trap(?=: 5$)|Floating point exception(?=: 8$)|Bad system call(?=: 12$))"
)
"""Alone in its line, or on a Mac with the signal's number."""
_BASH: Final = lazy(
    r"(?:[:,] (?:\w+ \d+|(?:\u7b2c )?\d+ [\u884c\u5217]) ?[:\uff1a] *|^\S+: )\d+ "
    rf"(?:({_WIDE})|({_WORDS})(?!\w)|({_CORED}){_CORE})"
)
"""Behind a line's number, which Chinese and Japanese name behind it."""
_ZSH: Final = lazy(rf"^(?:zsh|\S+:\d+): ({'|'.join(Z_SIGNALS)})(?: \(core dumped\) |$| {{2,}})")
"""Two spaces stand before the command."""
_KORN: Final = "|".join(map(re.escape, KORN_SIGNALS))
_KSH: Final = lazy(
    r"^(?:\S+: line \d+|\S+\[\d+\](?:: \S+)?|\S*(?:/|ksh)\S*): \d{2,}: "
    rf"({_KORN})(?:\(coredump\))?$"
)
_JOB: Final = lazy(rf"^\[\d+\] {{0,2}}[-+]? {{1,8}}(?:\d+ )?(?i:({_WORDS}))(?: +\(core dumped\)| {{2,}}|$)")
"""Job control, of bash and zsh."""
_SLURM: Final = lazy(rf"^srun: error: \S+: tasks? [\d,-]+: ({_WORDS})\b")
_MAKE: Final = lazy(rf"^g?make(?:\[\d+\])?: (?:\*\*\* )?\[.*\] ({_WORDS})\b")
_SIGNALS: Final = {
    word.lower(): signal
    for word, signal in (SHELL_SIGNALS | OTHER_LANGUAGES | ONLY_WITH_A_CORE | KORN_SIGNALS | Z_SIGNALS).items()
}

_NOT_SO: Final = lazy(
    r"(?<![\w./-])(?:if|when|whenever|unless|whether|should|would|may|might|could|can|will|must|never|without|none)"
    r"(?![\w/-]|\.\w)|\bnot $|"
    r"\bexpected $|-$|\bstopp(?:ed|ing)\b(?:: \S+ \(| [^:]{0,40}: )$|"
    r"(?<![\w.])(?:0|no) (?!was |is |has )(?:[\w-]+ ){0,2}?"
    r"(?:[\w-]+s|children|child|process) (?:(?:were|was|ha[sd]|have) )?"
    r"(?:been )?$|(?<![\w.])(?:0|no|zero) $",
    re.IGNORECASE,
)
"""Said of what may be, or did not happen."""
_SHOWN: Final = lazy(r"\b(?:expect(?:s|ed)?|wants?|like|says?|prints?|sees?|shows?|means?|e\.g\.)\W*$", re.IGNORECASE)
"""Who shows what would be printed."""
_COMMANDS: Final = lazy(r"`[^`]*`|\[[^\]]*\]|(?<!\S)(?:--?\w\S*|\S*/\S*)")
"""Commands, their options and paths: what is in them is not said."""
_MEANT: Final = lazy(
    r"[^\w,;]*(?:(?:would |could |may )?means?\b|is the|indicates|as expected|"
    r"\(expected(?! (?:to )?(?:exit|code|status))|"
    r"on purpose|intentionally|as planned|times|handlers?\b)|"
    r"\W{0,3}(?:count|total)?\W{0,2}[:=] ?0\b|\"?\} 0(?:\.0)?$",
    re.IGNORECASE,
)
_CLOSE: Final = 120


def read_signal(text: str) -> str | None:
    """The signal that ended a child, by a line of those who saw it; None where it tells of none."""
    return _by_shell(text) or _by_others(text)


def is_marked(text: str) -> bool:
    """Whether a text may tell of such an end at all."""
    return _MARKED.search(text) is not None


def _by_shell(text: str) -> str | None:
    """In the words of cargo, shells and make."""
    numbered = _NUMBERED.search(text)
    if numbered is not None and not is_only_told(text, numbered):
        return signal_name(int(numbered[1])) if numbered[1] else signal_name(int(numbered[2]) - 128)
    bare = _BARE.search(text)
    if bare is not None and _is_of_shell(text, bare):
        return _signal_of_word(bare)
    told = (
        _BASH.search(text)
        or _ZSH.match(text)
        or _JOB.match(text)
        or _MAKE.match(text)
        or _KSH.search(text)
        or _SLURM.match(text)
    )
    return None if told is None else _signal_of_word(told)


def _is_of_shell(text: str, bare: re.Match[str]) -> bool:
    """Whether such a word ends a line of the shell's own: what the program had begun to print may stand before it."""
    before = text[: bare.start()]
    cored = bare[1] is not None and bare[0].rstrip().endswith((")", "\uff09"))
    return is_bare(before) or (cored and not is_only_told(text, bare) and not _SHOWN.search(before))


def _signal_of_word(found: re.Match[str]) -> str:
    (word,) = (one for one in found.groups() if one is not None)
    return _SIGNALS[word.lower()]


def _by_others(text: str) -> str | None:
    """In a sentence about it."""
    any_of_them, expressions = _told()
    if not any_of_them.search(text):
        return None
    for expression in expressions:
        found = expression.search(text)
        if found is None:
            continue
        if is_only_told(text, found):
            continue
        signal = signal_told(found)
        if signal is not None:
            return signal
    return None


def is_only_told(text: str, found: Any) -> bool:
    """Whether it is said of what may be, is denied, or is told of by somebody else."""
    before, behind = text[: found.start()], text[found.end() :]
    if before.lstrip().startswith("//"):  # a comment in a source; behind # and * harnesses and runtimes tell it
        return True
    said = _COMMANDS.sub("_", before)[-_CLOSE:]
    return bool(is_quoted(before) or is_retold(before) or _NOT_SO.search(said) or _MEANT.match(behind))


@cache
def _told() -> tuple[Any, tuple[Any, ...]]:
    """One look for all sentences, as most lines with a mark are none, and each of them; compiled when a mark comes."""
    nameless = "|".join(re.sub(r"\?P<\w+>", "?:", one) for one in _SENTENCES)
    return re2.compile(nameless), tuple(map(re2.compile, _SENTENCES))


def signal_told(found: Any) -> str | None:
    """The signal of a crash that the groups of a match tell; None where it is none."""
    signal = _signal_of(found.groupdict())
    return signal if signal in CRASH_SIGNALS else None


def _signal_of(groups: dict[str, str | None]) -> str | None:
    wait = int(groups.get("wait") or 0)
    code = wait >> 8 or int(groups.get("code") or groups.get("status") or 0)
    if wait & 0x7F:  # who prints this may have killed it: only a fault is one
        return signal_name(wait & 0x7F) if wait & 0x7F != SIGKILL else None
    if code < 0 or code > 128:  # noqa: PLR2004 - as shells tell a signal from a status
        return signal_name(-code if code < 0 else code - 128)
    if groups.get("short"):
        return f"SIG{groups['short']}"
    if groups.get("number"):
        return signal_name(int(groups["number"] or 0))
    return groups.get("name") or _NAMES.get((groups.get("words") or "").lower())
