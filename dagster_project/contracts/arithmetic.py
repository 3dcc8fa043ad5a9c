"""Exact numbers: read as they are printed, worked with as fractions, rounded once and as stated."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache

from dagster_project.errors import OutcomesError

NUMBER = re.compile(r"-?\d+(\.\d+)?")
HALF = Fraction(1, 2)

_OPERATIONS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}
_FUNCTIONS: Mapping[str, Callable[[list[Fraction]], Fraction]] = {"max": max, "min": min}
FORM = "numbers, names, + - * /, brackets, min(…) and max(…)"


def exact(number: str | int | float | Decimal | Fraction) -> Fraction:
    """The number as it is printed: 0.1 is a tenth, not the double that lies near it."""
    if isinstance(number, Fraction):
        return number
    try:
        return Fraction(Decimal(str(number)))
    except (InvalidOperation, ValueError, OverflowError) as problem:
        raise OutcomesError(
            "this isn't a number", got=str(number), expected="a number, with a point and no comma"
        ) from problem


def rounded(number: Fraction, step: Fraction | None) -> Fraction:
    """The nearest multiple of `step`, a half away from nought; as it is where there is no step."""
    if not step:
        return number
    steps = abs(number) / step + HALF
    whole = steps.numerator // steps.denominator
    return (whole if number >= 0 else -whole) * step


def decimal_text(number: Fraction, places: int) -> str:
    """The number with that many decimals, a half away from nought."""
    shown = rounded(number, Fraction(1, 10**places))
    return f"{Decimal(shown.numerator) / Decimal(shown.denominator):.{places}f}"


@dataclass(frozen=True)
class Formula:
    """A formula of the data, such as `achieved / (register - adjusted) * 100`."""

    text: str

    def names(self) -> frozenset[str]:
        """What must be known to work it out."""
        found = (node for node in ast.walk(_parsed(self.text)) if isinstance(node, ast.Name))
        return frozenset(node.id for node in found if node.id not in _FUNCTIONS)

    def of(self, known: Mapping[str, Fraction]) -> Fraction:
        """What it comes to; OutcomesError where a name isn't known or nought would divide."""
        missing = sorted(self.names() - known.keys())
        if missing:
            raise OutcomesError(
                "a formula names what isn't known",
                got=", ".join(missing),
                expected=f"all that {self.text!r} names",
                fix="give the figure, or correct the name",
            )
        try:
            return _value(_parsed(self.text).body, known)
        except ZeroDivisionError as problem:
            raise OutcomesError(
                "a formula divides by nought",
                got=", ".join(f"{name} = {float(known[name]):g}" for name in sorted(self.names())),
                expected=f"figures for which {self.text!r} has a value",
            ) from problem


@cache
def _parsed(text: str) -> ast.Expression:
    """The formula's tree; OutcomesError where it holds anything but arithmetic."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as problem:
        raise OutcomesError("this isn't a formula", got=repr(text), expected=FORM) from problem
    _refuse_all_else(tree.body, text)
    return tree


def _refuse_all_else(node: ast.expr, text: str) -> None:
    parts: list[ast.expr] = []
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        parts = [node.left, node.right]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        parts = [node.operand]
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _FUNCTIONS
        and node.args
        and not node.keywords
    ):
        parts = node.args
    elif isinstance(node, ast.Name):
        if node.id in _FUNCTIONS:
            raise OutcomesError("this isn't a formula", got=repr(text), expected=FORM)
    elif not (isinstance(node, ast.Constant) and type(node.value) in (int, float)):
        raise OutcomesError("this isn't a formula", got=repr(text), expected=FORM)
    for part in parts:
        _refuse_all_else(part, text)


def _value(node: ast.expr, known: Mapping[str, Fraction]) -> Fraction:
    if isinstance(node, ast.BinOp):
        return _OPERATIONS[type(node.op)](_value(node.left, known), _value(node.right, known))
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand, known)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _FUNCTIONS[node.func.id]([_value(part, known) for part in node.args])
    if isinstance(node, ast.Name):
        return known[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return exact(node.value)
    raise OutcomesError("this isn't a formula", expected=FORM)
