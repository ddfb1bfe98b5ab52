"""A run that is one side of tunnels between two boxes: the scenario as that side can carry it out and judge it."""

import os
from typing import TYPE_CHECKING, Final

import msgspec

from stresstui.cli.options import RunOptions
from stresstui.cli.terminal.refuse import refuse

if TYPE_CHECKING:
    from stresstui.core.model.scenario import CriterionSpec, Scenario
    from stresstui.engine.launch.request import RunRequest
    from stresstui.lab.parts import Part

_DRIVERS: Final = ("attempts_total", "attempt_failures_total")
"""Metrics of every run that in the lab only a driver counts."""
_LONGER_S: Final = 10.0
"""Seconds that servers rest longer than clients, whose connections they are not to cut; at most as long again."""


def on_the_lab(options: RunOptions) -> RunOptions:
    """The options, by which the lab carries it out where it is to be one side; what cannot be ends the program."""
    if options.served_at is None and options.invitation is None:
        return options
    if options.invitation is None:
        refuse("stresstui run: --serve needs --invitation FILE, where what clients need is written")
    if options.served_at is None and not os.access(options.invitation, os.R_OK):
        refuse(
            f"stresstui run: --invitation: {options.invitation} is no file that can be read;"
            " 'stresstui run NAME --serve ADDRESS --invitation FILE' writes it, on the servers' box"
        )
    if options.runner not in (None, "lab"):
        refuse(f"stresstui run: --serve and --invitation are the lab's, and --runner {options.runner} starts another")
    if options.served_at is not None:
        from stresstui.lab.net.resolve import why_no_door
        from stresstui.lab.net.socks import parse_door

        try:
            why = why_no_door(parse_door(options.served_at))
        except ValueError as error:
            why = str(error)
        if why:
            refuse(f"stresstui run: --serve: {why}")
    return msgspec.structs.replace(options, runner="lab")


def one_side(request: "RunRequest", options: RunOptions) -> "RunRequest":
    """The request as one side's, where it is to be one: judged by what that side counts, the servers without an end.

    Servers stay until whoever looks after the load says that it is over (``client.finish``); their plan is the load's.
    """
    own = request.scenario.lab
    if options.invitation is None or own is None:
        return request
    from stresstui.engine.launch.plan import LAB_MARGIN_S, SERVE_WITHIN_S

    part: Part = "client" if options.served_at is None else "server"
    more: dict[str, str | int | float] = {"invitation": str(options.invitation.absolute())}
    if options.served_at is not None:
        more["serve"] = options.served_at
        if request.duration is not None:
            longest = SERVE_WITHIN_S + request.duration + request.cool_down + LAB_MARGIN_S
            more["max_duration"] = f"{longest:.0f}s"
        rest = request.cool_down + min(_LONGER_S, request.cool_down)
        request = msgspec.structs.replace(request, duration=None, overtime=0.0, cool_down=rest)
    scenario, left = _judged_by(request.scenario, part)
    lab = msgspec.structs.replace(own, options=own.options | more)
    scenario = msgspec.structs.replace(
        scenario, name=f"{scenario.name}-{part}", title=f"{scenario.title or scenario.name}, the {part}'s side", lab=lab
    )
    told = f"; the other side judges {', '.join(left)}" if left else ""
    return msgspec.structs.replace(request, scenario=scenario, why=f"{request.why}; the {part}'s side{told}")


def _judged_by(scenario: "Scenario", part: "Part") -> tuple["Scenario", list[str]]:
    """The scenario with the criteria that a side can judge, and the names of the others."""
    from stresstui.core.model.scenario import RunnerKind, criteria_for

    mine = [spec for spec in scenario.criteria if _counted(scenario, spec, part)]
    left = [spec.id for spec in criteria_for(scenario, RunnerKind.LAB) if spec not in mine]
    return msgspec.structs.replace(scenario, criteria=tuple(mine)), left


def _counted(scenario: "Scenario", spec: "CriterionSpec", part: "Part") -> bool:
    from stresstui.core.criteria.rule import FACTS, parse_rule
    from stresstui.core.model.metric import BUILT_IN
    from stresstui.lab.parts import counts

    rule = parse_rule(spec.rule)
    for name in filter(None, (rule.metric, rule.per)):
        own = name not in scenario.metrics and (name in BUILT_IN or name in FACTS)
        if name in _DRIVERS:
            if part == "server":
                return False
        elif not own and not counts(part, name):
            return False
    return True
