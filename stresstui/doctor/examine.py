"""The whole look: what is carried out before each run, and what ``stresstui doctor`` adds."""

from stresstui.core.model.check import Check, Level
from stresstui.doctor import limits, machine, quiet, sight
from stresstui.doctor.needs import Needs


def before_run(needs: Needs) -> list[Check]:
    """What can be told in milliseconds and starts no program."""
    return [*machine.look(needs), *limits.look(), *quiet.look(), *sight.look()]


def examine(needs: Needs) -> list[Check]:
    """Everything; takes a second or two, starts programs to hear their versions, writes 4 MiB and removes them."""
    from stresstui.doctor import logout, software  # noqa: PLC0415 - a run that starts need not load them

    found = [*before_run(needs), machine.disk_speed(needs), *quiet.leftovers(), quiet.idle_cpu(), *logout.look()]
    found += software.look(needs)
    groups = list(dict.fromkeys(check.group for check in found))
    return sorted(found, key=lambda check: groups.index(check.group))


def worst(checks: list[Check]) -> Level:
    """The worst level there is."""
    order = list(Level)
    return max((check.level for check in checks), key=order.index, default=Level.OK)
