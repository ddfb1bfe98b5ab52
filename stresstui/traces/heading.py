"""The name over a column, and the unit that it says: ``RSS (KiB)``, ``rss_mb``, ``RSS in MB``, ``rssKb``."""

import re
from typing import Final

_UNITS: Final = (
    "bytes?|kb|kib|mb|mib|gb|gib|tb|tib|kbytes?|mbytes?|gbytes?|kilobytes?|megabytes?|gigabytes?|kibibytes?|mebibytes?"
    "|gibibytes?|[kmgt]?i?b(?:/s|ps)"
)
_BRACKETED: Final = re.compile(r"(.*?)[\s_]*[(\[{]\s*(?:in )?([A-Za-z/%]+)\s*[)\]}]", re.IGNORECASE | re.DOTALL)
_BEHIND: Final = re.compile(rf"(.*?[^\W_])(?:[\s_.:,;/-]+|\s+in\s+)({_UNITS})", re.IGNORECASE | re.DOTALL)
_JOINED: Final = re.compile(
    r"(.*[a-z])(Bytes?|K[Bb]|KiB|MB|Mb|MiB|GB|Gb|GiB|TB|TiB)|([A-Z]{2,}|rss|mem)(KB|MB|GB|kb|mb|gb)"
)
"""Where a capital letter begins the unit, or a name that is known stands before it."""


def split_unit(name: str) -> tuple[str, str]:
    """The name of a column without the unit that it says, and the unit; empty without one."""
    name = name.strip()
    for form in (_BRACKETED, _BEHIND, _JOINED):
        if (found := form.fullmatch(name)) is not None:
            before, unit = [part for part in found.groups() if part is not None]
            return before.removesuffix(" in").strip(" ,;:/"), unit
    return name, ""


def is_share(name: str) -> bool:
    """Whether a column says that it has parts of a hundred."""
    return name.strip().startswith("%") or name.strip(" )]}").endswith("%")
