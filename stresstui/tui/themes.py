r"""Themes: one palette per TOML file.

Found, later ones winning over earlier ones of the same name (a file's name is its theme's name): ``themes/`` in the
installed package, or beside the package in a checkout; then ``themes/`` in the user's configuration folder. A file::

    title = "Dark"                # name for people
    dark = true                   # for a dark background
    ansi = false                  # true: colours are names of the terminal's sixteen, such as "bright_red"
    reverse = false               # true: a breach is in reverse

    [palette]                     # every role below is needed
    background = "#14171c"
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from textual.theme import Theme

from stresstui.files import read_named
from stresstui.places import config_folder

ROLES: Final = (
    "background", "panel", "text", "dim", "frame", "accent", "spark", "limit",
    "ok", "pending", "breached", "no_data", "selection",
)  # fmt: skip
"""What a palette gives a colour to."""

DEFAULT: Final = "dark"
"""The theme of those who choose none, where the terminal has the colours."""

SIXTEEN: Final = "ansi-16"
LIGHT: Final = "light"
_MANY_COLORS: Final = re.compile(r"256color|-direct|kitty|alacritty|ghostty|foot|wezterm")
_LIGHT_GROUNDS: Final = ("7", "15")
"""Colours of a background, as COLORFGBG counts them, that are light."""
_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}")
_BASE: Final = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_NAMES: Final = frozenset(("default", *_BASE, *(f"bright_{name}" for name in _BASE)))
_KEYS: Final = {"title": str, "dark": bool, "ansi": bool, "reverse": bool, "palette": dict}


class Palette(msgspec.Struct, frozen=True):
    """The colours of one theme."""

    name: str
    """Name on the command line."""
    title: str
    """Name for people."""
    dark: bool
    """True for a dark background."""
    ansi: bool
    """True where the colours are the terminal's own sixteen."""
    colors: dict[str, str]
    """Colour by role, as written."""
    reverse: bool = False
    """True where a breach is in reverse, because its colour alone does not tell it."""

    def rich(self, role: str) -> str:
        """The colour of a role as Rich names it."""
        return self.colors[role]

    def css(self, role: str) -> str:
        """The colour of a role as Textual's CSS names it."""
        return f"ansi_{self.colors[role]}" if self.ansi else self.colors[role]

    def theme(self) -> Theme:
        """The same as a Textual theme, for its own widgets."""
        css = self.css
        return Theme(
            name=self.name, primary=css("accent"), secondary=css("accent"), accent=css("accent"),
            warning=css("pending"), error=css("breached"), success=css("ok"), foreground=css("text"),
            background=css("background"), surface=css("background"), panel=css("panel"), boost=css("panel"),
            dark=self.dark, ansi=self.ansi,
            # Textual looks these up while one theme is left for another, whatever the kind of either.
            variables={"ansi-background": css("background"), "ansi-foreground": css("text")}
            | {f"ink-{role.replace('_', '-')}": css(role) for role in ROLES},
        )  # fmt: skip


def fitting_theme(environ: Mapping[str, str]) -> str:
    """The theme of those who choose none: by how many colours the terminal says it has, and by its background."""
    term, colors = environ.get("TERM", ""), environ.get("COLORTERM", "")
    if colors not in ("truecolor", "24bit") and not _MANY_COLORS.search(term):
        return SIXTEEN
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT if background in _LIGHT_GROUNDS else DEFAULT


def theme_folders() -> list[Path]:
    """Where themes are looked for; a later folder wins."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "themes"
    mine = shipped if shipped.is_dir() else package.parent / "themes"
    return [mine, config_folder() / "themes"]


def load_palettes(folders: list[Path] | None = None) -> dict[str, Palette]:
    """Read every theme; raise ValueError with ``FILE:LINE: what is wrong``, or OSError."""
    files = [path for folder in folders or theme_folders() for path in sorted(folder.glob("*.toml"))]
    palettes = {path.stem: read_palette(path) for path in files}
    if not palettes:
        raise ValueError(f"no theme was found in {', '.join(str(f) for f in folders or theme_folders())}")
    return palettes


def read_palette(path: Path) -> Palette:
    """Read one theme; raise ValueError with ``FILE:LINE: what is wrong``, or OSError."""
    text = read_named(path).decode("utf-8-sig", errors="replace")
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueError(_locate(path, text, str(error))) from None
    _check_keys(path, text, document)
    colors = document.get("palette", {})
    ansi = document.get("ansi", False)
    _check_colors(path, text, colors, ansi=ansi)
    return Palette(
        path.stem,
        document.get("title", path.stem),
        document.get("dark", True),
        ansi,
        colors,
        document.get("reverse", False),
    )


def _locate(path: Path, text: str, message: str) -> str:
    found = re.search(r"\(at line (\d+), column \d+\)", message)
    line = int(found[1]) if found else text.count("\n") + 1
    return f"{path}:{line}: {message.split(' (at ', maxsplit=1)[0]}"


def _check_keys(path: Path, text: str, document: dict[str, Any]) -> None:
    for key, value in document.items():
        if key not in _KEYS:
            raise ValueError(f"{path}:{_line_of(text, key)}: unknown key '{key}'; known are {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]):
            problem = f"{path}:{_line_of(text, key)}: '{key}' must be a {_KEYS[key].__name__}"
            raise ValueError(problem)  # noqa: TRY004 - a mistake in a file, not in the program


def _check_colors(path: Path, text: str, colors: dict[str, Any], *, ansi: bool) -> None:
    for role, color in colors.items():
        place = f"{path}:{_line_of(text, role)}"
        if role not in ROLES:
            raise ValueError(f"{place}: unknown role '{role}'; known are {', '.join(ROLES)}")
        if not isinstance(color, str) or not (color in _NAMES if ansi else _HEX.fullmatch(color)):
            wanted = 'a name such as "bright_red"' if ansi else 'a colour such as "#ff7a70"'
            raise ValueError(f"{place}: '{role}' must be {wanted}")
    missing = [role for role in ROLES if role not in colors]
    if missing:
        raise ValueError(f"{path}:{_line_of(text, '[palette]')}: the palette has no {', '.join(missing)}")


def _line_of(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"\[?\s*{re.escape(key.strip('[]'))}\s*[\]=]", line.strip()):
            return number
    return 1


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]  # noqa: PLR2004 - sRGB
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
