"""Digits that mean something: a day's journal holds each number of each sample."""

from typing import overload


@overload
def rounded(value: float, digits: int) -> float: ...


@overload
def rounded(value: None, digits: int) -> None: ...


@overload
def rounded(value: float | None, digits: int) -> float | None: ...


def rounded(value: float | None, digits: int) -> float | None:
    """Cut a number to so many decimals; None stays None."""
    return None if value is None else round(value, digits)
