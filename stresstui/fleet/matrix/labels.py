"""Conditions on labels, such as ``kernel == '6.1' and size in ('big', 'huge')``: comparisons, and, or, not."""

import ast
import operator
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, Final

Labels = Mapping[str, Any]
Condition = Callable[[Labels], bool]

_COMPARED: Final[dict[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
}
_LONGEST: Final = 1000


class LabelError(ValueError):
    """Raised where a condition cannot be one; its message is one clause for people."""


def compile_condition(text: str, known: Collection[str] | None) -> Condition:
    """Make a condition of its text; one on a label that no box has is a mistake. Raises LabelError.

    ``known`` is None where the boxes are not known yet.
    """
    if not text.strip():
        return lambda _: True
    if len(text) > _LONGEST:
        raise LabelError("it is too long")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise LabelError("it cannot be read; write one such as kernel == '6.1' and size != 'small'") from None
    _check(tree, known)
    return lambda labels: bool(_value(tree, labels))


def _check(node: ast.expr, known: Collection[str] | None) -> None:
    match node:
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                _check(part, known)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            _check(part, known)
        case ast.Compare(left=left, ops=ops, comparators=parts):
            if not all(type(op) in _COMPARED for op in ops):
                raise LabelError("of comparisons there are ==, !=, <, <=, >, >=, in and not in")
            for part in (left, *parts):
                _check(part, known)
        case ast.Name(id=name):
            if known is not None and name not in known:
                near = get_close_matches(name, known, 1)
                hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(sorted(known)) or 'none'}"
                raise LabelError(f"no box has a label '{name}'; {hint}")
        case ast.Constant(value=str() | int() | float()):
            pass
        case _:
            raise LabelError("it may only compare labels with values, and join that with and, or and not")


def _value(node: ast.expr, labels: Labels) -> Any:
    match node:
        case ast.BoolOp(op=op, values=parts):
            values = [_value(part, labels) for part in parts]
            return all(values) if isinstance(op, ast.And) else any(values)
        case ast.UnaryOp(operand=part):
            return not _value(part, labels)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return [_value(part, labels) for part in parts]
        case ast.Name(id=name):
            return labels.get(name)
        case ast.Compare(left=left, ops=ops, comparators=parts):
            values = [_value(part, labels) for part in (left, *parts)]
            return all(_holds(op, *pair) for op, pair in zip(ops, pairwise(values), strict=True))
    return node.value if isinstance(node, ast.Constant) else None


def _holds(op: ast.cmpop, one: Any, other: Any) -> bool:
    """Whether a comparison holds; of a label that a box lacks, or of unlike things, only inequality does."""
    try:
        return _COMPARED[type(op)](one, other)
    except TypeError:
        return False
