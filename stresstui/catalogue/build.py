"""A scenario's document and the packs that it includes, put together and checked."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from stresstui.catalogue.convert import convert_table, hint
from stresstui.catalogue.document import Document, open_document
from stresstui.catalogue.file import PackFile, ScenarioFile
from stresstui.catalogue.lab import check_lab
from stresstui.catalogue.locate import KeyPath
from stresstui.core.criteria.possible import check_possible
from stresstui.core.criteria.rule import RuleError, check_rule, parse_rule
from stresstui.core.model.metric import BUILT_IN, MetricKind
from stresstui.core.model.scenario import CriterionSpec, MetricSpec, Scenario
from stresstui.core.model.units import UnitError, format_duration, parse_duration
from stresstui.core.text.expression import Expression, ExpressionError

PACKS: Final = Path(__file__).parent / "packs"
"""The packs that come with the program."""

_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
_METRIC: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_UNITS: Final = ("", *(base + per for base in ("bytes", "count", "%", "s", "ms") for per in ("", "/s")))
_RANKS: Final = {"Success criteria": 0, "Evidence": 2}


class _Origin(NamedTuple):
    document: Document
    place: KeyPath


class _Parts(NamedTuple):
    """Everything that files declare by name, each with where it was declared."""

    metrics: dict[str, tuple[MetricSpec, _Origin]]
    patterns: dict[str, tuple[str, _Origin]]
    criteria: dict[str, tuple[CriterionSpec, _Origin]]


_Declared: TypeAlias = Mapping[str, tuple[object, _Origin]]


def build(document: Document, name: str, known: Mapping[str, MetricSpec] | None = None) -> Scenario:
    """Make the scenario of a document; raise ScenarioError at the first mistake in it or in a pack of its.

    ``known``: metrics that its rules may name beside those that it declares.
    """
    if "name" in document.data:
        raise document.error(("name",), "unknown key 'name'; a scenario is named as its file; leave the key out")
    file = convert_table(document, (), document.data, ScenarioFile)
    if not _NAME.fullmatch(name):
        raise document.error((), f"'{name}' is no scenario name; rename the file to letters, digits, '_', '-' and '.'")
    _check_command(document, file)
    check_lab(document, file)
    parts = _gathered(document, file)
    scenario = Scenario(
        name=name,
        title=file.title or name,
        objective=file.objective,
        duration=None if file.duration is None else _seconds(document, ("duration",), file.duration, zero=False),
        duration_note=file.duration_note,
        warm_up=_seconds(document, ("warm_up",), file.warm_up),
        cool_down=_seconds(document, ("cool_down",), file.cool_down),
        interval=_seconds(document, ("interval",), file.interval, zero=False),
        until_exit=file.until_exit,
        moves_bytes=file.moves_bytes,
        cargo=file.cargo,
        lab=file.lab,
        command=file.command,
        services=file.services,
        env=file.env,
        metrics=dict(known or {}) | {key: spec for key, (spec, _) in parts.metrics.items()},
        patterns={key: pattern for key, (pattern, _) in parts.patterns.items()},
        criteria=tuple(sorted((spec for spec, _ in parts.criteria.values()), key=_rank)),
        source=str(document.path),
    )
    _check_warm_up(document, scenario)
    _check(scenario, parts)
    return scenario


def _check_warm_up(document: Document, scenario: Scenario) -> None:
    duration = scenario.duration
    if duration is not None and scenario.warm_up >= duration:
        lasts = f"a warm-up of {format_duration(scenario.warm_up)} leaves nothing to judge"
        raise document.error(("warm_up",), f"{lasts} of a duration of {format_duration(duration)}; make it shorter")


def _check_command(document: Document, file: ScenarioFile) -> None:
    """What no system can start; whether the program is there is seen when it is to run."""
    if file.command is not None and not (file.command.argv and file.command.argv[0]):
        mend = 'write argv = ["PROGRAM", "ARGUMENT", ...]'
        raise document.error(("command", "argv"), f"'argv' names no program; {mend}")
    for name in file.env:
        if not name or "=" in name:
            raise document.error(("env", name), f"'{name}' is no name of a variable; write NAME = \"value\"")


def _rank(spec: CriterionSpec) -> int:
    return _RANKS.get(spec.group, 1)


def _gathered(document: Document, file: ScenarioFile) -> _Parts:
    shared = _Parts({}, {}, {})
    for index, name in enumerate(file.include):
        pack = open_document(_pack_path(document, index, name))
        found = _parts(pack, convert_table(pack, (), pack.data, PackFile))
        _refuse_clash(document, index, shared, found)
        _merge(shared, found)
    own = _parts(document, file)
    _merge(shared, own)
    return shared


def _pack_path(document: Document, index: int, name: str) -> Path:
    beside = document.path.parent / "packs"
    known = {path.stem: path for folder in (PACKS, beside) for path in sorted(folder.glob("*.toml"))}
    if name not in known:
        raise document.error(("include", index), f"unknown pack '{name}'; {hint(name, sorted(known))}")
    return known[name]


def _parts(document: Document, file: PackFile) -> _Parts:
    parts = _Parts({}, {}, {})
    for name, spec in file.metrics.items():
        parts.metrics[name] = (spec, _Origin(document, ("metrics", name)))
    for name, pattern in file.patterns.items():
        parts.patterns[name] = (pattern, _Origin(document, ("patterns", name)))
    for index, criterion in enumerate(file.criteria):
        origin = _Origin(document, ("criteria", index))
        if criterion.id in parts.criteria:
            first = document.line(parts.criteria[criterion.id][1].place)
            what = f"criterion id '{criterion.id}' is already used in line {first}"
            raise document.error((*origin.place, "id"), f"{what}; choose another id")
        if not criterion.id.strip() or not criterion.id.isprintable():
            raise document.error((*origin.place, "id"), "the id of a criterion has to be readable; write one word")
        parts.criteria[criterion.id] = (criterion, origin)
    return parts


def _refuse_clash(document: Document, index: int, shared: _Parts, found: _Parts) -> None:
    for known, new in _side_by_side(shared, found):
        for name in new:
            if name in known and known[name][0] != new[name][0]:
                what = f"pack '{document.data['include'][index]}' and {known[name][1].document.path.name} both have"
                raise document.error(("include", index), f"{what} '{name}'; include only one of them")


def _side_by_side(one: _Parts, other: _Parts) -> tuple[tuple[_Declared, _Declared], ...]:
    return (one.metrics, other.metrics), (one.patterns, other.patterns), (one.criteria, other.criteria)


def _merge(into: _Parts, other: _Parts) -> None:
    into.metrics.update(other.metrics)
    into.patterns.update(other.patterns)
    into.criteria.update(other.criteria)


def _seconds(document: Document, place: KeyPath, written: str, *, zero: bool = True) -> float:
    try:
        seconds = parse_duration(written)
    except UnitError as error:
        raise document.error(place, f"{place[-1]}: {error}") from None
    if seconds == 0 and not zero:
        raise document.error(place, f"{place[-1]} is zero; write a longer one such as 90s")
    return seconds


def _check(scenario: Scenario, parts: _Parts) -> None:
    for name, (metric, origin) in parts.metrics.items():
        _check_metric(name, metric, origin)
    for pattern, origin in parts.patterns.values():
        _check_regex(pattern, origin.document, origin.place)
    for criterion, origin in parts.criteria.values():
        _check_criterion(scenario, criterion, origin)


def _check_metric(name: str, spec: MetricSpec, origin: _Origin) -> None:
    document, place = origin
    if not _METRIC.fullmatch(name):
        raise document.error(place, f"'{name}' is no metric name; use letters, digits and '_'")
    if name in BUILT_IN:
        raise document.error(place, f"'{name}' is a built-in metric; choose another name")
    if spec.unit not in _UNITS:
        raise document.error((*place, "unit"), f"unknown unit '{spec.unit}'; {hint(spec.unit, _UNITS[1:])}")
    kinds = [str(kind) for kind in MetricKind]
    if spec.kind and spec.kind not in kinds:
        raise document.error((*place, "kind"), f"unknown kind '{spec.kind}'; {hint(spec.kind, kinds)}")
    if spec.regex:
        groups = _check_regex(spec.regex, document, (*place, "regex"))
        if not groups:
            raise document.error((*place, "regex"), "the regex has no group; put () around the number")


def _check_regex(pattern: str, document: Document, place: KeyPath) -> int:
    try:
        return Expression(pattern).groups
    except ExpressionError as error:
        raise document.error(place, str(error)) from None


def _check_criterion(scenario: Scenario, spec: CriterionSpec, origin: _Origin) -> None:
    document, place = origin
    try:
        rule = check_rule(parse_rule(spec.rule), scenario)
        check_possible(rule)
    except RuleError as error:
        raise document.error((*place, "rule"), str(error)) from None
    if spec.abort and rule.aggregate == "last" and not rule.always:
        known = f"'{rule.text}' is judged when the run ends, and can end none; write max, min, or 'for 10s' behind it"
        raise document.error((*place, "abort"), known)
    _seconds(document, (*place, "grace"), spec.grace)
