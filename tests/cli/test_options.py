import pytest
from click.testing import CliRunner

from stresstui.cli import cli


@pytest.mark.parametrize("option", ["--duration", "--interval"])
@pytest.mark.parametrize("value", ["0s", "0m"])
def test_a_time_without_length_is_refused_where_it_cannot_be(option: str, value: str) -> None:
    done = CliRunner().invoke(cli, ["run", option, value, "--detach", "--", "true"])
    assert done.exit_code == 2
    assert f"Invalid value for '{option}': '{value}' is not longer than nothing" in done.output


@pytest.mark.parametrize("option", ["--warm-up", "--cool-down"])
def test_what_can_be_left_out_may_take_no_time(option: str) -> None:
    """As in a scenario's file; the name that is none is what ends it."""
    done = CliRunner().invoke(cli, ["run", option, "0s", "no_such_scenario"])
    assert done.exit_code == 2
    assert "not longer than nothing" not in done.output
    assert "no_such_scenario" in done.output
