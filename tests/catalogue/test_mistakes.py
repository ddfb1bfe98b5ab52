"""Every mistake in a file is one line with its place, and says the mend."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stresstui import catalogue
from stresstui.catalogue.build import PACKS

Write = Callable[[str, str], Path]
RULE = """title = "T"

[[criteria]]
id = "one"
title = "One"
rule = "%s"
"""
GAUGES = "mean, min, max, last, p50, p95, p99, cv"
ESCAPE = "mend it, or escape signs such as ( with \\"
UNITS = "B, kB, KB, MB, GB, TB, KiB, MiB, GiB, TiB, %, us, ms, s, m, min, h, d"
TEXT_WANTED = 'should be text in quotes, not a whole number; write it as "..."'
PACK_NAMES = ", ".join(sorted(path.stem for path in PACKS.glob("*.toml")))

MISTAKES = [
    ("syntax", 'title = "T"\nduration = 24h\n', 2,
     "not valid TOML: Expected newline or end of document after a statement; mend the line"),
    ("code 0", 'title = "T"\n\n[command]\nargv = ["a\\u0000b"]\n', 4,
     "a character of code 0 is in it, which no command can be given; leave it out"),
    ("no program", 'title = "T"\n\n[command]\nargv = []\n', 4,
     "'argv' names no program; write argv = [\"PROGRAM\", \"ARGUMENT\", ...]"),
    ("a program without a name", 'title = "T"\n\n[command]\nargv = ["", "x"]\n', 4,
     "'argv' names no program; write argv = [\"PROGRAM\", \"ARGUMENT\", ...]"),
    ("variable with a sign", 'title = "T"\n\n[env]\n"A=B" = "1"\n', 4,
     "'A=B' is no name of a variable; write NAME = \"value\""),
    ("variable without a name", 'title = "T"\n\n[env]\n"" = "1"\n', 4,
     "'' is no name of a variable; write NAME = \"value\""),
    ("open end", 'title = "T"\nlab = [\n', 2, "not valid TOML: Invalid value; mend the line"),
    ("key twice", 'title = "T"\n\ntitle = "U"\n', 3, "not valid TOML: the key stands there twice; mend the line"),
    ("unknown key", '# c\ntitel = "T"\n', 2, "unknown key 'titel'; did you mean 'title'?"),
    ("unknown table", 'title = "T"\n\n[carg]\ntest = "x"\n', 3, "unknown key 'carg'; did you mean 'cargo'?"),
    ("unknown list of tables", '\n\n[[criterias]]\nid = "x"\n', 3, "unknown key 'criterias'; did you mean 'criteria'?"),
    ("unknown key in a table", '[cargo]\ntest = "x"\n  relaese = true\n', 3,
     "unknown key 'relaese' in 'cargo'; did you mean 'release'?"),
    ("unknown key in an inline table", 'title = "T"\nlab = { protocol = "ech",\tprofil = "steady" }\n', 2,
     "unknown key 'profil' in 'lab'; did you mean 'profile'?"),
    ("unknown key far from all", "[lab]\nprotocol = 'ech'\nxyzzy = 1\n", 3,
     "unknown key 'xyzzy' in 'lab'; known are protocol, profile, options, inject"),
    ("unknown key in a criterion", RULE % "max(fds) < 9" + 'grupp = "x"\n', 7,
     "unknown key 'grupp' in criteria number 1; did you mean 'group'?"),
    ("name", 'name = "x"\n', 1, "unknown key 'name'; a scenario is named as its file; leave the key out"),
    ("missing key", 'title = "T"\n\n[lab]\nprofile = "steady"\n', 3, "'lab' has no 'protocol'; add protocol = ..."),
    ("missing title", '\n[[criteria]]\nid = "a"\ntitle = "A"\nrule = "max(fds) < 9"\n\n[[criteria]]\nid = "b"\n',
     7, "criteria number 2 has no 'title'; add title = ..."),
    ("number for text", "\nduration = 86400\n", 2,
     "'duration' " + TEXT_WANTED),
    ("text for a boolean", 'until_exit = "yes"\n', 1,
     "'until_exit' should be true or false, not text; write true or false without quotes"),
    ("text for a list", '\n\nservices = "ech"\n', 3, "'services' should be a list, not text; write services = [...]"),
    ("wrong item", 'services = [\n  "ech",\n  7,\n]\n', 3,
     "services number 2 " + TEXT_WANTED),
    ("table for a list of tables", '[criteria]\nid = "x"\n', 1,
     "'criteria' should be a list, not a table; write [[criteria]]"),
    ("text for a table", 'cargo = "stress"\n', 1, "'cargo' should be a table, not text; write [cargo]"),
    ("text for a table of names", 'env = "A=B"\n', 1, "'env' should be a table, not text; write [env]"),
    ("text for a table in a table", '[metrics]\nx = "gauge"\n', 2,
     "'x' should be a table, not text; write [metrics.x]"),
    ("text for a criterion", 'criteria = [\n"max(fds) < 9"]\n', 2,
     "criteria number 1 should be a table, not text; write [[criteria]]"),
    ("environment", '[env]\nA = "1"\nB = 1\n', 3,
     "'B' " + TEXT_WANTED),
    ("option", '[lab]\nprotocol = "ech"\n[lab.options]\nrate = [1]\n', 4,
     "'rate' should be text in quotes or a whole number or a number, not a list; write one of these"),
    ("date", "title = 2026-01-01\n", 1, "'title' should be text in quotes, not a date; write it as \"...\""),
    ("duration", 'title = "T"\nduration = "24x"\n', 2,
     "duration: '24x' is not a duration; write one such as 90s, 10m, 24h or 1h30m"),
    ("interval", 'interval = "0s"\n', 1, "interval is zero; write a longer one such as 90s"),
    ("warm-up", '\nwarm_up = "soon"\n', 2,
     "warm_up: 'soon' is not a duration; write one such as 90s, 10m, 24h or 1h30m"),
    ("warm-up as long as the run", 'duration = "2h"\nwarm_up = "120m"\n', 2,
     "a warm-up of 2h leaves nothing to judge of a duration of 2h; make it shorter"),
    ("for no time", RULE % "max(fds) < 9 for 0s", 6,
     "'max(fds) < 9 for 0s': 'for 0s' asks for no time at all; leave it out"),
    ("grace", RULE % "max(fds) < 9" + 'grace = "5"\n', 7,
     "grace: '5' is not a duration; write one such as 90s, 10m, 24h or 1h30m"),
    ("abort at the end", RULE % "last(fds) < 9" + "abort = true\n", 7,
     "'last(fds) < 9' is judged when the run ends, and can end none; write max, min, or 'for 10s' behind it"),
    ("severity", RULE % "max(fds) < 9" + 'severity = "warning"\n', 7,
     "unknown value 'warning' of 'severity'; did you mean 'warn'?"),
    ("runner", RULE % "max(fds) < 9" + 'runners = ["cargo",\n  "labb"]\n', 8,
     "unknown value 'labb' of 'runners'; did you mean 'lab'?"),
    ("duplicate id", RULE % "max(fds) < 9" + '\n[[criteria]]\ntitle = "Two"\nid = "one"\nrule = "max(fds) < 8"\n', 10,
     "criterion id 'one' is already used in line 3; choose another id"),
    ("empty id", '[[criteria]]\ntitle = "One"\nid = ""\nrule = "max(fds) < 8"\n', 3,
     "the id of a criterion has to be readable; write one word"),
    ("id that turns what follows", '[[criteria]]\ntitle = "One"\nid = "a\\u202eb"\nrule = "max(fds) < 8"\n', 3,
     "the id of a criterion has to be readable; write one word"),
    ("unknown pack", 'include = [\n  "lab",\n  "stable_24",\n]\n', 3,
     "unknown pack 'stable_24'; did you mean 'stable_24h'?"),
    ("unknown pack far from all", 'include = ["xyzzy"]\n', 1, f"unknown pack 'xyzzy'; known are {PACK_NAMES}"),
    ("pattern", "[patterns]\nok = 'a'\nbad = 'a('\n", 3,
     "'a(' is no regular expression: missing ), unterminated subpattern at position 1; " + ESCAPE),
    ("regex of a metric", "[metrics.depth]\nregex = 'depth (\\d+'\n", 2,
     "'depth (\\d+' is no regular expression: missing ), unterminated subpattern at position 6; " + ESCAPE),
    ("regex without a group", "[metrics]\n\ndepth = { regex = 'depth \\d+' }\n", 3,
     "the regex has no group; put () around the number"),
    ("unit of a metric", '[metrics.depth]\nunit = "byte"\n', 2, "unknown unit 'byte'; did you mean 'bytes'?"),
    ("kind of a metric", '[metrics.depth]\nkind = "guage"\n', 2, "unknown kind 'guage'; did you mean 'gauge'?"),
    ("name of a metric", '[metrics]\n"queue-depth" = {}\n', 2,
     "'queue-depth' is no metric name; use letters, digits and '_'"),
    ("built-in metric", "[metrics]\nrss = {}\n", 2, "'rss' is a built-in metric; choose another name"),
    ("rule", RULE % "maximum(fds) < 9", 6, "'maximum(fds) < 9': unknown aggregate 'maximum'; did you mean 'max'?"),
    ("unknown metric", RULE % "max(rrs) < 1MiB", 6,
     "'max(rrs) < 1MiB': unknown metric 'rrs'; did you mean 'rss'?"),
    ("unit of a rule", RULE % "max(rss) < 80%", 6,
     "'max(rss) < 80%': the threshold '80%' is not in bytes; write one such as 512MiB"),
    ("unit word of a rule", RULE % "max(rss) < 80Mb", 6,
     "'max(rss) < 80Mb': '80Mb': unknown unit 'Mb'; write 80MB"),
    ("gauge as a counter", RULE % "count(fds) == 0", 6,
     f"'count(fds) == 0': fds is a gauge, and count() needs a counter; use one of {GAUGES}"),
    ("counter as a gauge", RULE % "max(panics) == 0", 6,
     "'max(panics) == 0': panics is a counter, and max() needs a gauge or a rate; use rate(panics) or count(panics)"),
    ("never holds", RULE % "count(crashes) < 0", 6,
     "'count(crashes) < 0': can never hold, as crashes is never below 0; write a limit that a run can keep and break"),
    ("never fails", RULE % "exit_status < 256", 6,
     "'exit_status < 256': can never fail, as exit_status is 0 to 255; write a limit that a run can keep and break"),
    ("a rule without an end", RULE % ("max(" + "x" * 5000 + ") < 9"), 6,
     (f"'max({'x' * 75}...': unknown metric '{'x' * 79}...'; 'stresstui metrics' lists them,"
      f" [metrics.{'x' * 71}... declares one of the program's own")),
    ("nested too deep", 'title = "T"\n\nx = ' + "[" * 3000 + "]" * 3000 + "\n", 3,
     "nested too deep; no scenario needs more than a few levels"),
    ("a table nested too deep", 'title = "T"\n[lab' + ".a" * 3000 + "]\nb = 1\n", 2,
     "nested too deep; no scenario needs more than a few levels"),
    ("rule over several lines", '[[criteria]]\nid = "a"\ntitle = "A"\nrule = """max(\nfdz) < 9"""\n', 4,
     "'max( fdz) < 9': unknown metric 'fdz'; did you mean 'fds'?"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_one_line_with_its_place(text: str, line: int, message: str, write: Write) -> None:
    path = write("soak.toml", text)
    with pytest.raises(catalogue.ScenarioError) as caught:
        catalogue.load_file(path)
    assert str(caught.value) == f"{path}:{line}: {message}"


def test_windows_line_ends_do_not_move_the_place(tmp_path: Path) -> None:
    path = tmp_path / "soak.toml"
    path.write_bytes(b'title = "T"\r\n\r\ntitel = "U"\r\n')
    with pytest.raises(catalogue.ScenarioError, match=r"soak\.toml:3: unknown key 'titel'"):
        catalogue.load_file(path)


def test_what_is_not_text_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "soak.toml"
    path.write_bytes(b'title = "T"\nobjective = "\xff"\n')
    with pytest.raises(catalogue.ScenarioError) as caught:
        catalogue.load_file(path)
    assert str(caught.value) == f"{path}:2: not UTF-8 text; save the file as UTF-8"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(catalogue.ScenarioError) as caught:
        catalogue.load_file(tmp_path / "no.toml")
    what = "cannot be read (No such file or directory); name a scenario file that exists"
    assert str(caught.value) == f"{tmp_path / 'no.toml'}: {what}"


def test_a_file_name_that_cannot_name_a_run_is_refused(write: Write) -> None:
    path = write("so ak.toml", 'title = "T"\n')
    with pytest.raises(catalogue.ScenarioError) as caught:
        catalogue.load_file(path)
    what = "'so ak' is no scenario name; rename the file to letters, digits, '_', '-' and '.'"
    assert str(caught.value) == f"{path}:1: {what}"


def test_a_file_cannot_write_to_the_terminal_through_its_error(write: Write) -> None:
    path = write("soak.toml", 'duration = "\\u001b[2J\\nx"\n')
    with pytest.raises(catalogue.ScenarioError) as caught:
        catalogue.load_file(path)
    assert str(caught.value).isprintable()


def test_nesting_without_end_is_a_mistake_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "deep.toml"
    path.write_text("x = " + "[" * 5000 + "]" * 5000)
    with pytest.raises(catalogue.ScenarioError, match="nested too deep"):
        catalogue.load_file(path)
