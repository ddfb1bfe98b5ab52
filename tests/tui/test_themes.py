import itertools
import tomllib
from pathlib import Path

import pytest

from stresstui.tui import themes
from stresstui.tui.app import MonitorApp
from stresstui.tui.themes import ROLES, Palette, contrast, fitting_theme, load_palettes, read_palette, theme_folders
from tests.tui.screen_harness import monitor, until
from tests.tui.scripted_run import ScriptedSource, run_events

SHIPPED = {"dark", "light", "high-contrast", "ansi-16", "dusk", "paper", "colour-blind", "mono"}
WORDS = ("text", "accent", "limit", "ok", "pending", "breached", "no_data", "dim", "spark")
PALETTES = load_palettes(theme_folders()[:1])
TRUE_COLOR = [palette for palette in PALETTES.values() if not palette.ansi]


def names(palette: Palette) -> str:
    return palette.name


def test_shipped_themes() -> None:
    assert set(PALETTES) == SHIPPED
    assert PALETTES["ansi-16"].ansi
    assert {palette.dark for palette in TRUE_COLOR} == {True, False}
    assert all(set(palette.colors) == set(ROLES) for palette in PALETTES.values())


@pytest.mark.parametrize("palette", TRUE_COLOR, ids=names)
@pytest.mark.parametrize("role", WORDS)
def test_words_can_be_read_on_their_background(palette: Palette, role: str) -> None:
    least = 7.0 if palette.name == "high-contrast" else 4.5
    for ground in ("background", "panel"):
        assert contrast(palette.colors[role], palette.colors[ground]) >= least


@pytest.mark.parametrize("palette", TRUE_COLOR, ids=names)
def test_cursor_and_frame_can_be_seen(palette: Palette) -> None:
    colors = palette.colors
    for role in ("text", "ok", "pending", "breached", "no_data"):
        assert contrast(colors[role], colors["selection"]) >= 4.5
    assert contrast(colors["frame"], colors["background"]) >= 2.0


@pytest.mark.parametrize("palette", PALETTES.values(), ids=names)
def test_states_differ_from_each_other_and_from_the_frame(palette: Palette) -> None:
    for one, other in itertools.combinations(("ok", "pending", "breached", "no_data", "frame"), 2):
        assert palette.colors[one] != palette.colors[other]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#777777", 1.0), ("#ff0000", "#ffffff", 3.998)],
)
def test_contrast_ratio(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.001)


def test_colour_blind_states_differ_in_lightness_and_without_red_against_green() -> None:
    """Each pair can be told apart by who sees no red (deuteranopia, as Machado et al. 2009 model it)."""
    colors = PALETTES["colour-blind"].colors
    seen = {role: deuteranope(colors[role]) for role in ("ok", "pending", "breached", "no_data")}
    for one, other in itertools.combinations(seen.values(), 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 60


def deuteranope(color: str) -> tuple[float, ...]:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    rows = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
    return tuple(a * red + b * green + c * blue for a, b, c in rows)


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"TERM": "xterm-256color"}, "dark"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "dark"),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "light"),
        ({"TERM": "xterm-256color", "COLORFGBG": "15;default;0"}, "dark"),
        ({"TERM": "xterm-kitty"}, "dark"),
        ({"TERM": "xterm"}, "ansi-16"),
        ({"TERM": "screen"}, "ansi-16"),
        ({"TERM": "linux"}, "ansi-16"),
        ({"TERM": "vt100", "COLORFGBG": "0;15"}, "ansi-16"),
        ({}, "ansi-16"),
    ],
)
def test_theme_fits_the_terminal(environ: dict[str, str], name: str) -> None:
    assert fitting_theme(environ) == name
    assert name in PALETTES


GOOD = (theme_folders()[0] / "dark.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (GOOD.replace('"#d7dce3"', '"red"'), 8, "'text' must be a colour such as"),
        (GOOD.replace("dim =", "dimm ="), 9, "unknown role 'dimm'"),
        (GOOD.replace('spark = "#6fa8dc"\n', ""), 5, "the palette has no spark"),
        (GOOD.replace("dark = true", 'dark = "yes"'), 3, "'dark' must be a bool"),
        (GOOD.replace("dark = true", "darkness = 3"), 3, "unknown key 'darkness'"),
        (GOOD.replace("dark = true", "dark = true\nansi = true"), 7, "'background' must be a name such as"),
        (GOOD.replace("dark = true", "dark ="), 3, "Invalid value"),
        ("", 1, "the palette has no background"),
    ],
)
def test_broken_theme_is_one_line_with_its_place(tmp_path: Path, text: str, place: int, words: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=words) as caught:
        read_palette(path)
    assert str(caught.value).startswith(f"{path}:{place}: ")
    assert "\n" not in str(caught.value)


def test_own_theme_wins_and_is_found_in_the_configuration_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "stresstui" / "themes"
    folder.mkdir(parents=True)
    (folder / "dark.toml").write_text(GOOD.replace('"Dark"', '"Mine"'), encoding="utf-8")
    (folder / "other.toml").write_text(GOOD, encoding="utf-8")
    found = load_palettes()
    assert found["dark"].title == "Mine"
    assert set(found) == SHIPPED | {"other"}


def test_unknown_theme_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="unknown theme 'pink'; known are ansi-16, colour-blind, dark, dusk"):
        MonitorApp(ScriptedSource([]), theme="pink")


def test_installed_package_has_its_own_themes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"]["themes"] == "stresstui/themes"
    installed = tmp_path / "stresstui" / "themes"
    installed.mkdir(parents=True)
    (installed / "only.toml").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(themes, "__file__", str(tmp_path / "stresstui" / "tui" / "themes.py"))
    assert set(load_palettes(theme_folders()[:1])) == {"only"}


async def test_every_cell_has_the_background_of_its_theme() -> None:
    app, _ = monitor(list(run_events(60)), theme="paper")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "SOAK")
        ground = app._palettes["paper"].rich("background")
        for strip in app.screen._compositor.render_strips():
            for text, style, _ in strip:
                assert style is not None
                assert style.bgcolor is not None, text
                assert style.bgcolor.name == ground, text
