"""HTML out of text that others wrote: cleaned, escaped, and never a tag of theirs."""

from collections.abc import Iterable, Sequence
from html import escape

import msgspec

from stresstui.core.text.printable import printable


def text(value: object) -> str:
    """A text between tags or in an attribute."""
    return escape(printable(str(value)))


def table(header: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """A table whose cells are HTML already."""
    head = "".join(f"<th>{text(name)}</th>" for name in header)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wide"><table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def section(title: str, *parts: str, name: str = "") -> str:
    """A section under a heading; empty where it has nothing to say."""
    inner = "".join(parts)
    mark = f' id="{name}"' if name else ""
    return f"<section{mark}><h2>{text(title)}</h2>{inner}</section>" if inner else ""


def folded(title: str, inner: str) -> str:
    """What is shown once it is asked for; on paper it is open."""
    return f"<details><summary>{text(title)}</summary>{inner}</details>"


def lines(rows: Iterable[str]) -> str:
    """Lines of output, as they came."""
    return f"<pre>{chr(10).join(text(row) for row in rows)}</pre>"


def data(value: object) -> str:
    """JSON inside a script element: no ``<`` of it can end the element."""
    return msgspec.json.encode(value).decode().replace("<", "\\u003c").replace("\u2028", "\\u2028")
