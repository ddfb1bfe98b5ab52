import pytest

from stresstui.core.growth import State, leak_called


@pytest.mark.parametrize(
    ("state", "leak", "called"),
    [
        (State.LEAKING, True, "yes"),
        (State.GROWING, True, "yes"),  # the run has ended: it rose to its end
        (State.GROWING, False, "not known"),
        (State.UNDECIDED, False, "not known"),
        (State.SETTLING, False, "no"),
        (State.STEADY, False, "no"),
    ],
)
def test_what_rises_but_not_yet_for_long_enough_is_not_called_free_of_leaks(
    state: State, *, leak: bool, called: str
) -> None:
    assert leak_called(state, leak=leak) == called
