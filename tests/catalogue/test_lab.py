"""What a file asks of the lab is checked before the start, by the same words as the lab's own command line."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest

from stresstui import catalogue
from stresstui.catalogue.lab import is_value
from stresstui.core.model.fault import EXAMPLES
from stresstui.core.model.lab_words import OPTIONS, PROFILES, PROTOCOLS
from stresstui.lab import protocols
from stresstui.lab.__main__ import run
from stresstui.lab.load import profiles

Write = Callable[[str, str], Path]
ITSELF = ("help", "profile", "inject", "protocol")
VALUES = ("0", "1", "-1", "64", "65", "1.5", "x", "", "10s", "10", "-3s", "64KiB", "5%", "fin", "rst")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[lab]\nprotocol = "realty"\n', 2, "unknown protocol 'realty' of the lab; did you mean 'reality'?"),
        (
            '[lab]\nprotocol = "ssh"\nprofile = "calm"\n', 3,
            f"unknown profile 'calm' of the lab; known are {', '.join(PROFILES)}",
        ),
        (
            '[lab]\nprotocol = "ssh"\n[lab.options]\nrate = 5\nconcurency = 7\n', 5,
            "unknown option 'concurency' of the lab; did you mean 'concurrency'?",
        ),
        (
            '[lab]\nprotocol = "ssh"\noptions = { rotate_every = "often" }\n', 3,
            "'often' is no rotate_every of the lab; write a time such as 60s",
        ),
        (
            '[lab]\nprotocol = "ssh"\ninject = [\n  "drop=1%",\n  "drop=many",\n]\n', 5,
            "write one such as drop=1%",
        ),
        (
            '[lab]\nprotocol = "ssh"\ninject = ["burn"]\n', 3,
            f"'burn' is no fault; known are {', '.join(EXAMPLES.values())}",
        ),
        ('\nservices = ["ech", "ehc"]\n', 2, "unknown service 'ehc' of the lab; did you mean 'ech'?"),
    ],
)  # fmt: skip
def test_what_the_lab_does_not_know(write: Write, text: str, line: int, said: str) -> None:
    path = write("t", text)
    with pytest.raises(catalogue.ScenarioError) as caught:
        catalogue.load_file(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert str(caught.value).endswith(said)


def test_what_it_knows(write: Write) -> None:
    text = '[lab]\nprotocol = "ssh"\ninject = ["stall=5s@60s"]\n'
    text += '[lab.options]\nrotate_every = "5s"\nrate = 1.5\nflows = 3\n'
    lab = catalogue.load_file(write("t", text)).lab
    assert lab is not None
    assert lab.options == {"rotate_every": "5s", "rate": 1.5, "flows": 3}


def test_the_words_are_the_labs() -> None:
    assert list(protocols.PROTOCOLS) == list(PROTOCOLS)
    assert list(profiles.PROFILES) == list(PROFILES)
    assert [one.opts[0].removeprefix("--") for one in run.params if one.name not in ITSELF] == list(OPTIONS)


@pytest.mark.parametrize("option", [one for one in run.params if one.name not in (*ITSELF, "serve", "invitation")])
@pytest.mark.parametrize("value", VALUES)
def test_a_value_that_the_lab_takes_is_taken(option: click.Parameter, value: str) -> None:
    try:
        option.type_cast_value(click.Context(run), value)
        taken = True
    except (click.BadParameter, ValueError):
        taken = False
    assert is_value(OPTIONS[option.opts[0].removeprefix("--")], value) is taken
